// The portal starts here.
import '@patternfly/react-core/dist/styles/base.css'
import './app/portal.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './app/routes.tsx'
import { applyTheme } from './app/theme.ts'
import { queryClient } from './engine/query-client.ts'
import { SessionGate } from './session/session-gate.tsx'

applyTheme()
createRoot(document.getElementById('portal')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionGate>
        <RouterProvider router={router} />
      </SessionGate>
    </QueryClientProvider>
  </StrictMode>,
)
