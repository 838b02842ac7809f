#!/bin/sh
# A VIF driver in POSIX shell: joins NICs to a bridge that the host has already. Needs jq and ip. A tap that goes takes
# its bridge port along, so there is nothing to unplug.
set -eu

# fail CODE MESSAGE: the codes are those of docs/vif-driver.md.
fail() {
  jq -cn --argjson code "$1" --arg message "$2" '{error: {$code, $message}}'
  exit 1
}

# ask FILTER …: jq on the request.
ask() { printf '%s' "$request" | jq "$@"; }

version() {
  [ -n "$bridge" ] || fail 1 'options: bridge must be given'
  echo '{"apiVersions": ["1.0"], "verbs": ["plug_device", "unplug_device", "get_caps"]}'
}

# The element is changed as text: jq has no XML, and source and target have no children here.
plug_before() {
  [ -d "/sys/class/net/$bridge/bridge" ] || fail 4 "this host has no bridge $bridge: create it"
  ask -c --arg bridge "$bridge" --arg tap "$tap" '
    (.domxml | gsub("<(source|target)(\\s[^>]*)?/>"; "")) as $rest
    | ($rest | sub("</interface\\s*>\\s*$"; "<source bridge=\"\($bridge)\"/><target dev=\"\($tap)\"/></interface>")) as $domxml
    | {$domxml, state: {$tap}}'
}

plug_after() {
  [ -e "/sys/class/net/$tap" ] || fail 5 "there is no $tap on this host"
  said=$(ip link set dev "$tap" master "$bridge" up 2>&1) || fail 4 "ip: $(printf '%s' "$said" | tr '\n' ' ')"
  seconds=0
  until [ "$(cat "/sys/class/net/$tap/brport/state" 2>/dev/null)" = 3 ]; do
    [ "$seconds" -lt 5 ] || fail 5 "$tap did not begin to forward within 5 s: has it a carrier?"
    sleep 1
    seconds=$((seconds + 1))
  done
  echo '{}'
}

get_caps() {
  ask -c '.host.hostName as $id | {caps: (.caps
    | .openstack_binding_host_ids.HOST_BRIDGE_SH = $id
    | .vif_driver_features.HOST_BRIDGE_SH = {network_types: ["flat"], features: ["ipv6"]})}'
}

request=$(cat)
fields=$(ask -r 'if type == "object" then . else error end
  | @sh "bridge=\(.options.bridge // "") port=\(.properties.vnic_id // "") domxml=\(.domxml // "") phase=\(.phase // "")"' \
  2>/dev/null) || fields=
[ -n "$fields" ] || fail 1 'the request is no JSON object'
eval "$fields"
case $1 in
  version) version ;;
  get_caps) get_caps ;;
  plug_device | unplug_device)
    [ -n "$port" ] && [ -n "$domxml" ] || fail 1 'the request lacks properties.vnic_id or domxml'
    tap=tap$(printf %.11s "$port")
    case $1.$phase in
      plug_device.before) plug_before ;;
      plug_device.after) plug_after ;;
      unplug_device.*) echo '{}' ;;
      *) fail 1 "there is no phase \"$phase\"" ;;
    esac
    ;;
  *) fail 7 "this driver has no verb $1" ;;
esac
