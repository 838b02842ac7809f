# From nothing to a VM that moves and goes, with oVirt's Python SDK as its users write it. Says what it saw, in JSON.
import json
import sys
import time

import ovirtsdk4 as sdk
import ovirtsdk4.types as types

given = json.loads(sys.argv[1])
connection = sdk.Connection(url=given["engine"], username="admin@internal", password="secret")
system = connection.system_service()
seen = {}


def wait_until(what, service, is_so):
    for _ in range(300):
        if is_so(service.get()):
            return
        time.sleep(0.1)
    raise Exception("%s did not come to be" % what)


assert connection.test()
api = system.get()
seen["product"] = api.product_info.name

center = system.data_centers_service().add(types.DataCenter(name="dc", local=False))
cluster = system.clusters_service().add(
    types.Cluster(name="c", data_center=types.DataCenter(name="dc"), cpu=types.Cpu(type="Intel"))
)
hosts = system.hosts_service()
for name, port in given["hosts"].items():
    added = hosts.add(types.Host(name=name, address="127.0.0.1", port=port, cluster=types.Cluster(name="c")))
    wait_until("host " + name, hosts.host_service(added.id), lambda host: host.status == types.HostStatus.UP)

providers = system.openstack_network_providers_service()
provider = providers.add(
    types.OpenStackNetworkProvider(
        name="sdn",
        type=types.OpenStackNetworkProviderType.EXTERNAL,
        url=given["provider"],
        read_only=False,
        requires_authentication=False,
        external_plugin_type="TEST",
    )
)
[found] = providers.list(search="name=sdn")
assert found.id == provider.id and found.auto_sync is False and found.read_only is False
provider_service = providers.provider_service(provider.id)
provider_service.test_connectivity()

networks_there = provider_service.networks_service()
[blue] = [network for network in networks_there.list() if network.name == "blue"]
networks_there.network_service(blue.id).subnets_service().add(
    types.OpenStackSubnet(name="blue-v4", cidr="10.0.0.0/24", ip_version="v4", dns_servers=["10.0.0.2"])
)
[subnet] = networks_there.network_service(blue.id).subnets_service().list()
seen["subnet"] = [subnet.name, subnet.cidr, subnet.gateway, subnet.dns_servers]
networks_there.network_service(blue.id).import_(data_center=types.DataCenter(name="dc"))

networks = system.networks_service()
[network] = networks.list(search='name="blue"')
seen["network"] = [network.name, network.external_provider.id == provider.id, [str(u) for u in network.usages]]
cluster_networks = system.clusters_service().cluster_service(cluster.id).networks_service()
try:
    cluster_networks.add(types.Network(id=network.id))
    raise Exception("an external network was required")
except sdk.Error as error:
    seen["required"] = [error.code, str(error)]
cluster_networks.add(types.Network(id=network.id, required=False))
[profile] = [p for p in system.vnic_profiles_service().list() if p.name == "blue"]
secure = system.vnic_profiles_service().add(
    types.VnicProfile(
        name="plain", network=types.Network(id=network.id), custom_properties=[types.CustomProperty(name="SecurityGroups", value="")]
    )
)
seen["profile"] = [(p.name, p.value) for p in secure.custom_properties]

vms = system.vms_service()
vm = vms.add(types.Vm(name="web", cluster=types.Cluster(name="c"), template=types.Template(name="Blank")))
vm_service = vms.vm_service(vm.id)
nics = vm_service.nics_service()
first = nics.add(
    types.Nic(name="nic1", interface=types.NicInterface.VIRTIO, vnic_profile=types.VnicProfile(id=profile.id))
)
vm_service.start(vm=types.Vm(placement_policy=types.VmPlacementPolicy(hosts=[types.Host(name="a")])))
wait_until("the VM", vm_service, lambda vm: vm.status == types.VmStatus.UP)
second = nics.add(types.Nic(name="nic2", vnic_profile=types.VnicProfile(id=secure.id)))
seen["nics"] = [(nic.name, nic.plugged, nic.linked, nic.mac.address != "") for nic in nics.list()]
nics.nic_service(second.id).deactivate()
seen["unplugged"] = nics.nic_service(second.id).get().plugged
nics.nic_service(second.id).activate()
try:
    nics.nic_service(second.id).remove()
    raise Exception("a plugged vNIC was removed")
except sdk.Error as error:
    seen["removal"] = error.code
nics.nic_service(second.id).deactivate()
nics.nic_service(second.id).update(types.Nic(name="nic3"))
nics.nic_service(second.id).remove()

lan = networks.add(
    types.Network(name="lan", data_center=types.DataCenter(id=center.id), vlan=types.Vlan(id=20), usages=[types.NetworkUsage.VM])
)
cluster_networks.add(types.Network(id=lan.id, required=False))
host_service = hosts.host_service(hosts.list(search="name=a")[0].id)
host_service.setup_networks(
    modified_bonds=[
        types.HostNic(
            name="bond0",
            bonding=types.Bonding(
                slaves=[types.HostNic(name="eth0"), types.HostNic(name="eth2")], options=[types.Option(name="mode", value="1")]
            ),
        )
    ],
    modified_network_attachments=[
        types.NetworkAttachment(
            network=types.Network(id=lan.id),
            host_nic=types.HostNic(name="bond0"),
            ip_address_assignments=[
                types.IpAddressAssignment(
                    assignment_method=types.BootProtocol.STATIC,
                    ip=types.Ip(version=types.IpVersion.V4, address="10.1.0.5", netmask="255.255.255.0"),
                )
            ],
        )
    ],
    check_connectivity=True,
    connectivity_timeout=10,
    commit_on_success=True,
)
attachments = host_service.network_attachments_service()
[attachment] = attachments.list()
bond = host_service.nics_service().nic_service(attachment.host_nic.id).get()
[vlan] = [nic for nic in host_service.nics_service().list() if nic.vlan]
seen["attached"] = [
    connection.follow_link(attachment.network).name,
    attachment.in_sync,
    attachment.ip_address_assignments[0].ip.address,
    [connection.follow_link(slave).name for slave in bond.bonding.slaves],
    [vlan.name, vlan.base_interface, vlan.vlan.id, vlan.ip.address],
]
attachments.service(attachment.id).remove()
networks.network_service(lan.id).network_labels_service().add(types.NetworkLabel(id="trunk"))
labels = host_service.nics_service().nic_service(bond.id).network_labels_service()
labels.add(types.NetworkLabel(id="trunk"))
[attachment] = attachments.list()
seen["labeled"] = [[label.id for label in labels.list()], attachment.host_nic.id == bond.id, attachment.network.id == lan.id]
labels.label_service("trunk").remove()
seen["unlabeled"] = [len(labels.list()), len(attachments.list())]
host_service.setup_networks(removed_bonds=[types.HostNic(name="bond0")])
host_service.commit_net_config()
host_service.sync_all_networks()
seen["detached"] = [len(attachments.list()), [nic.name for nic in host_service.nics_service().list()]]
cluster_networks.network_service(lan.id).remove()
networks.network_service(lan.id).remove()

users = system.users_service()
alice = users.add(
    types.User(user_name="alice@internal-authz", domain=types.Domain(name="internal-authz"), password="wonderland")
)
[found] = users.list(search="usrname=alice@internal-authz")
roles = system.roles_service()
level = system.cluster_levels_service().level_service("4.3").get()
[run_vm] = [permit.id for permit in level.permits if permit.name == "run_vm"]
starter = roles.add(types.Role(name="Starter", administrative=False, permits=[types.Permit(id=run_vm)]))
seen["permits"] = [permit.name for permit in roles.role_service(starter.id).permits_service().list()]
permission = vm_service.permissions_service().add(types.Permission(role=types.Role(id=starter.id), user=types.User(id=alice.id)))
assert connection.follow_link(permission.role).name == "Starter" and connection.follow_link(permission.user).id == found.id
guest = sdk.Connection(url=given["engine"], username="alice@internal", password="wonderland")
vms_of_guest = guest.system_service().vms_service()
seen["guest"] = [[vm.name for vm in vms_of_guest.list()], len(guest.system_service().hosts_service().list())]
try:
    vms_of_guest.vm_service(vm.id).stop()
    raise Exception("a guest stopped the VM")
except sdk.AuthError as error:
    seen["forbidden"] = [error.code, "User is not authorized to perform this action." in str(error)]
guest.close()
vm_service.permissions_service().permission_service(permission.id).remove()
roles.role_service(starter.id).remove()
users.user_service(alice.id).remove()

before = vm_service.get().host.id
vm_service.migrate()
wait_until("the move", vm_service, lambda vm: vm.status == types.VmStatus.UP and vm.host.id != before)
vm_service.stop()
wait_until("the end", vm_service, lambda vm: vm.status == types.VmStatus.DOWN)
seen["events"] = [event.code for event in system.events_service().list(search="severity=normal", max=2)]
vm_service.remove()
try:
    vm_service.get()
    raise Exception("the VM is still there")
except sdk.NotFoundError:
    pass

networks.network_service(network.id).remove()
provider_service.remove()
for host in hosts.list():
    host_service = hosts.host_service(host.id)
    host_service.deactivate()
    wait_until("maintenance", host_service, lambda host: host.status == types.HostStatus.MAINTENANCE)
    host_service.remove()
system.clusters_service().cluster_service(cluster.id).remove()
system.data_centers_service().data_center_service(center.id).remove()
seen["left"] = [len(service.list()) for service in (vms, networks, providers, hosts)]
connection.close()
print(json.dumps(seen))
