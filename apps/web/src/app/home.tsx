// Where one begins: at the providers, or at the virtual machines for whoever sees no providers.
import { Navigate } from '@tanstack/react-router'
import { useRights } from '../rights/use-rights.ts'

export function Home() {
  const { isAdministrator } = useRights()
  return <Navigate to={isAdministrator ? '/providers' : '/vms'} replace />
}
