// What it takes to make guests with NICs without an agent: the commands that a script would run, one after the other.
import { join } from 'node:path'
import type { LabHost } from '../../lab/hosts/lab-host.ts'

/** What the agent's clients call, too. */
const dhcpScript = join(import.meta.dirname, '../../apps/agent/hypervisors/netns/guest-dhcp.sh')

/** Milliseconds for all of them. They are removed again. */
export async function bareGuests(host: LabHost, guests: number, nicsEach: number): Promise<number> {
  const { stdout } = await host.exec(['sh', '-c', script, 'sh', String(guests), String(nicsEach), dhcpScript], {
    timeoutMs: 300_000,
  })
  return Number(stdout) / 1e6
}

/** As an agent does it: a pair of links for each NIC, made in one go, and a DHCP client that nobody waits for. */
const script = `
set -e
begun=$(date +%s%N)
for g in $(seq $1); do
  ip netns add bare$g
  for n in $(seq $2); do
    ip -batch - << END
link add t$g.$n mtu 1442 type veth peer name eth$n address 02:00:00:00:$(printf %02x $g):$(printf %02x $n) mtu 1442 netns bare$g
link set t$g.$n addrgenmode none
link set t$g.$n up
END
    ip -n bare$g -batch - << END
link set eth$n addrgenmode none
link set eth$n up
END
  done
  ip -n bare$g link set lo up
  for n in $(seq $2); do
    ip netns exec bare$g busybox udhcpc -f -i eth$n -s $3 -t 20 -T 1 -A 5 > /dev/null 2>&1 < /dev/null &
  done
done
echo $(($(date +%s%N) - begun))
for g in $(seq $1); do
  kill -9 $(ip netns pids bare$g) 2> /dev/null || true
  ip netns del bare$g
done
`
