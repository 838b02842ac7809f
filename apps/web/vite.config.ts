// How the portal is bundled: below the engine's path, with hashed names, nothing inlined (the page's policy forbids it).
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: '/ovirt-engine/webadmin/',
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The first list needs four fifths of it; and a style sheet of a page that did not come would not be asked for again.
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  // `npx vite`: the portal with hot reload, against an engine of this machine.
  server: { proxy: { '^/ovirt-engine/(api|webadmin/session|sso)': 'http://127.0.0.1:8080' } },
})
