// The nft rules that a guest's frames go through, as text. What none of them drops goes on.
import { asNumbers, type Sender } from './senders.ts'

/** `senders`: at least one. */
export function chainRules(senders: readonly Sender[]): string[] {
  const macs = senders.map(({ mac }) => mac)
  return [
    `ether saddr != ${setOf(macs)} drop`,
    // No server of DHCP, and no router: also not by a redirect (RFC 6105).
    'ether type ip udp sport 67 drop',
    'ether type ip6 udp sport 547 drop',
    'icmpv6 type { nd-router-advert, nd-redirect } drop',
    ...senders.flatMap((sender) =>
      // With one sender, all frames that got here are from its MAC.
      [...arpRules(sender), ...ipv4Rules(sender), ...neighbourRules(sender), ...ipv6Rules(sender)].map((rule) =>
        senders.length === 1 ? rule : `ether saddr ${sender.mac} ${rule}`,
      ),
    ),
    // Tagged frames would carry past the rules what they forbid.
    'ether type != { ip, arp, ip6 } drop',
  ]
}

function arpRules({ mac, ipv4 }: Sender): string[] {
  return [
    `arp saddr ether != ${mac} drop`,
    // 0.0.0.0: a guest that probes an address before it takes it (RFC 5227).
    `arp saddr ip != ${setOf(['0.0.0.0', ...ipv4])} drop`,
  ]
}

function ipv4Rules({ ipv4 }: Sender): string[] {
  return [
    'ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept',
    ipv4.length > 0 ? `ip saddr != ${setOf(ipv4)} drop` : 'ether type ip drop',
  ]
}

/**
 * Neighbour discovery (RFC 4861) says addresses in its payload: the target 8 bytes into the ICMPv6 message, a link-layer
 * address in an option after that. With one option at most, it is where these rules look. Fragments need none: who keeps
 * RFC 6980 takes no neighbour discovery from them.
 */
function neighbourRules({ mac, ipv6 }: Sender): string[] {
  const targets = setOf(ipv6.map(asNumbers))
  const own = `0x${mac.replaceAll(':', '')}`
  return [
    'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 length > 32 drop',
    'icmpv6 type nd-router-solicit ip6 length > 16 drop',
    `icmpv6 type nd-neighbor-advert @th,64,128 != ${targets} drop`,
    `icmpv6 type nd-neighbor-advert @th,192,8 2 @th,208,48 != ${own} drop`,
    `icmpv6 type nd-neighbor-solicit @th,192,8 1 @th,208,48 != ${own} drop`,
    `icmpv6 type nd-router-solicit @th,64,8 1 @th,80,48 != ${own} drop`,
    // A guest that probes an address before it takes it (RFC 4862) has none to send from.
    `ip6 saddr :: icmpv6 type nd-neighbor-solicit @th,64,128 ${targets} accept`,
  ]
}

function ipv6Rules({ ipv6 }: Sender): string[] {
  return [
    'ip6 saddr :: icmpv6 type { nd-router-solicit, mld2-listener-report } accept',
    `ip6 saddr != ${setOf(ipv6)} drop`,
  ]
}

const setOf = (elements: readonly string[]) => `{ ${elements.join(', ')} }`
