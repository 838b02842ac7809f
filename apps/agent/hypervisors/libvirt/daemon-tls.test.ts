// An enrolled host with a libvirtd that other hosts reach over TLS: what the engine renews and revokes holds there, too.
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from 'node:tls'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { CommandError, run } from '@patchbay/vif-driver/command.ts'
import { prepareLibvirt } from '../../../../lab/guests/libvirt-host.ts'
import { libvirtUnavailable } from '../../../../lab/guests/libvirt-unavailable.ts'
import { createLab } from '../../../../lab/lab.ts'
import { type Issued, openAuthority } from '../../../engine/pki/authority.ts'
import { openHostPki, pkiFiles, readOrMakeKey, writeWhole } from '../../enrolment/host-pki.ts'
import { type LabAgent, startLabAgent } from '../../testing/lab-agent.ts'
import { createDaemonTls } from './daemon-tls.ts'

const libvirtTlsPort = 16_514

test("libvirtd's connections have the certificate and the list as they are now", {
  skip: libvirtUnavailable(),
}, async (t) => {
  const { host, agent, engine, peer, renewed, revokedPeer } = await scene(t)
  const peerTls = createDaemonTls(join(host.dir, 'peer'), peer.identity, {
    warn: () => assert.fail('nothing to reload'),
  })
  const asPeer = () =>
    run(['virsh', '-q', '-c', `qemu+tls://${host.address}/system?pkipath=${peerTls.pkiDir()}`, 'hostname'])
  assert.match(await asPeer(), /\S/)
  assert.notEqual(await shownSerial(host.address, engine), renewed.serial)

  await agent.call('Host.updateCertificates', { certificate: renewed.pem, revocations: revokedPeer })
  assert.equal(await shownSerial(host.address, engine), renewed.serial)
  await assert.rejects(asPeer(), CommandError, 'it is revoked')

  await peer.renew()
  assert.match(await asPeer(), /\S/, 'with another certificate it is let in again')
})

/** What libvirtd shows to whom it lets in. */
async function shownSerial(address: string, tls: TlsIdentity): Promise<string> {
  const socket = connect({ host: address, port: libvirtTlsPort, ...tls, checkServerIdentity: () => undefined })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber.toLowerCase()
}

async function scene(t: TestContext) {
  const lab = await createLab({ hosts: ['host-a'] })
  let agent: LabAgent | undefined
  t.after(async () => {
    await agent?.[Symbol.asyncDispose]()
    await lab.down()
  })
  const [host] = lab.hosts as [(typeof lab.hosts)[0]]
  const authority = await openAuthority(join(host.dir, 'ca'), Date.now)

  async function enrolled(name: string, ...alsoNamed: string[]) {
    const dir = join(host.dir, `${name}-pki`)
    const files = pkiFiles(dir)
    const publicKey = createPublicKey(readOrMakeKey(dir)).export({ type: 'spki', format: 'der' })
    const issue = () => authority.issue(publicKey, { name, alsoNamed })
    const first = await issue()
    writeWhole(files.ca, authority.ca)
    writeWhole(files.cert, first.pem)
    writeWhole(files.crl, await authority.listRevoked([]))
    return { dir, files, issue, first, pki: openHostPki(dir) }
  }

  const own = await enrolled('host-a', host.address)
  const other = await enrolled('host-b')
  const engine = (await enrolled('engine')).pki.identity
  const libvirtd = await prepareLibvirt(host, { certificate: own.files })
  await libvirtd.start()
  agent = await startLabAgent(host, { config: { hypervisor: 'libvirt', 'pki-dir': own.dir }, tls: engine })
  const revokedPeer = await authority.listRevoked([{ serial: other.first.serial, at: Date.now() }])
  const renewed: Issued = await own.issue()
  const renew = async () =>
    other.pki.update({ certificate: (await other.issue()).pem, revocations: await authority.listRevoked([]) })
  return { host, agent, engine, renewed, revokedPeer, peer: { identity: other.pki.identity, renew } }
}
