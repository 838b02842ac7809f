#!/bin/sh
# What udhcpc calls on a host: the lease becomes an address that ends with it, and, where the network has the default route,
# that route and the host's name servers.
protocol=189
case $1 in
  deconfig)
    ip -4 addr flush dev "$interface" dynamic 2> /dev/null
    ip -4 route flush dev "$interface" proto "$protocol" 2> /dev/null
    ip link set dev "$interface" up
    [ -z "$LEASES" ] || rm -f "$LEASES/$interface"
    ;;
  bound | renew)
    lifetime=${lease:-3600}
    ip addr replace "$ip/$mask" brd + dev "$interface" valid_lft "$lifetime" preferred_lft "$lifetime"
    if [ -n "$DEFAULT_ROUTE" ]; then
      for gateway in $router; do
        ip route replace default via "$gateway" dev "$interface" proto "$protocol"
        break
      done
    fi
    if [ -n "$RESOLV_CONF" ] && [ -n "$dns" ]; then
      for server in $dns; do echo "nameserver $server"; done > "$RESOLV_CONF.new"
      # In place: it may be a link, or mounted by itself.
      cat "$RESOLV_CONF.new" > "$RESOLV_CONF"
      rm "$RESOLV_CONF.new"
    fi
    # The agent tells the engine of it. A renewal is no news; a client of an agent that did not ask yet has nowhere to say it.
    [ "$1" = renew ] || [ -z "$LEASES" ] || echo "$ip/$mask" > "$LEASES/$interface"
    ;;
esac
exit 0
