#!/bin/sh
# guest-dhcp-clients.sh SCRIPT HOSTNAME (DEVICE LOG ADDRESS)...: starts a DHCP client for each device, and waits for none.
# One that has an address already asks for it. LOG takes a line for each lease; what a client says itself would be a line
# each second while nobody answers.
script=$1 hostname=$2
shift 2
while [ $# -gt 0 ]; do
  busybox udhcpc -f -i "$1" -s "$script" -x "hostname:$hostname" -t 20 -T 1 -A 5 ${3:+-r "$3"} >> "$2" 2> /dev/null &
  shift 3
done
