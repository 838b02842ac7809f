#!/bin/sh
# What udhcpc calls in a netns guest. An address is never flushed: a guest that just migrated keeps it until DHCP agrees.
case $1 in
  bound | renew)
    ip addr replace "$ip/$mask" dev "$interface"
    [ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
    for gateway in $router; do ip route replace default via "$gateway" dev "$interface"; done
    echo "lease $interface $ip/$mask${router:+ router $router}${mtu:+ mtu $mtu} from $serverid"
    ;;
  nak) echo "lease refused on $interface" ;;
esac
exit 0
