#!/bin/sh
# Makes a fresh checkout ready for `npm $1`: dependencies from the lock file, then the system packages that $1 needs.
# Runs before anything is installed, hence plain sh. `npm start` asks for more with what it was told: `ovn`, `libvirt`.
set -eu
cd "$(dirname "$0")/.."
goal=$1

stamp=node_modules/.patchbay-lock
if ! cmp -s package-lock.json "$stamp"; then
  echo "patchbay: installing the dependencies of package-lock.json"
  npm ci --loglevel=error --no-audit --no-fund
  cp package-lock.json "$stamp"
fi

[ "$goal" = check ] && exit 0
# Bundles it only where its sources have changed.
case $goal in start | test) node apps/web/build.ts ;; esac

# command:package:what needs it
needs='ip:iproute2:namespaces and bridges
busybox:busybox-static:the DHCP client of netns guests
perl:perl-base:what netns guests say when they have moved
dnsmasq:dnsmasq-base:DHCP on external networks
nft:nftables:port security of the linux-bridge driver
ping:iputils-ping:proving that packets flow
nsenter:util-linux:entering laboratory hosts
python3:python3:VDSM hook scripts
openssl:openssl:certificates for TLS'
ovn='ovsdb-server:openvswitch-switch:the database server of OVN and Open vSwitch
ovs-vswitchd:openvswitch-switch:the switch on the hosts of a laboratory with OVN
ovn-nbctl:ovn-common:OVN'"'"'s schemas and its command
ovn-northd:ovn-central:OVN itself
ovn-controller:ovn-host:OVN on the hosts of a laboratory
ethtool:ethtool:netns guests on the userspace datapath'
libvirt='libvirtd:libvirt-daemon libvirt-daemon-driver-qemu:virtual machines
virsh:libvirt-clients:virtual machines
qemu-system-x86_64:qemu-system-x86:virtual machines without KVM
busybox:busybox-static:the guest image
lz4:lz4:the kernel of the guest image'
case $goal in
  start) ;;
  ovn) needs=$ovn ;;
  libvirt) needs=$libvirt ;;
  *) needs="$needs
$ovn
$libvirt
chromium:chromium:the admin portal's tests
curl:curl:the examples of the engine's README
pg_ctlcluster:postgresql:the engine's state on PostgreSQL
jq:jq:the examples of the engine's README
pip3:python3-pip:oVirt's Python SDK against the engine
openstack:python3-openstackclient:the OpenStack command against the provider
keystone-manage:python3-keystone:a real Keystone as the source of users
neutron-server:neutron-common:a real Neutron that the conformance kit is held against" ;;
esac

missing=$(echo "$needs" | while IFS=: read -r cmd package why; do
  command -v "$cmd" >/dev/null 2>&1 || echo "$package:$cmd, $why"
done)
[ -z "$missing" ] && exit 0

packages=$(echo "$missing" | cut -d: -f1 | sort -u | tr '\n' ' ')
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  [ -n "$(ls /var/lib/apt/lists 2>/dev/null | grep -v -e lock -e partial -e auxfiles)" ] || apt-get update -qq
  echo "$missing" | while IFS=: read -r package why; do echo "patchbay: installing $package ($why)"; done
  # shellcheck disable=SC2086
  install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=600 $packages >/dev/null; }
  install 2>/dev/null || { apt-get update -qq; install; }
  exit 0
fi

echo "patchbay: these commands are missing:" >&2
echo "$missing" | while IFS=: read -r package why; do echo "  $why (Debian package $package)" >&2; done
echo "patchbay: install them as root, e.g.: apt-get install -y $packages" >&2
case $goal in start | ovn | libvirt) exit 1 ;; esac
echo "patchbay: going on; what needs them is skipped, with the reason" >&2
