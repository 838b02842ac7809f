// The diagnosis of a vNIC, at an address that can be sent to somebody.
import { nicType, vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Breadcrumb, BreadcrumbItem, type BreadcrumbItemProps, Content, PageSection } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { single } from '../engine/queries.ts'
import { text } from '../text/diagnosis.ts'
import { DiagnosisView } from './diagnosis-view.tsx'

export function DiagnosisPage() {
  const { vm, nic } = useParams({ from: '/vms/$vm/nics/$nic/diagnosis' })
  const vmName = useQuery(single(vmType, `/vms/${vm}`)).data?.name ?? vm
  const nicName = useQuery(single(nicType, `/vms/${vm}/nics/${nic}`)).data?.name ?? nic
  return (
    <>
      <PageSection type="breadcrumb">
        <Breadcrumb>
          <PlaceBefore to="/vms" name={text.vms} />
          <PlaceBefore to={`/vms/${vm}`} name={vmName} />
          <BreadcrumbItem isActive>{nicName}</BreadcrumbItem>
        </Breadcrumb>
      </PageSection>
      <PageSection>
        <Content component="h1">{text.of(nicName, vmName)}</Content>
      </PageSection>
      <PageSection isFilled>
        <DiagnosisView vm={vm} nic={nic} />
      </PageSection>
    </>
  )
}

/** `given`: what the breadcrumb tells its items. */
function PlaceBefore({ to, name, ...given }: { to: string; name: string } & BreadcrumbItemProps) {
  return (
    <BreadcrumbItem
      {...given}
      render={({ className }) => (
        <Link to={to} {...(className && { className })}>
          {name}
        </Link>
      )}
    />
  )
}
