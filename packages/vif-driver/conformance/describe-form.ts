// Checks of what a driver is before anybody plugs anything.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Trial } from './trial.ts'

export function describeForm(trial: () => Trial): void {
  test('[FORM-4] making the driver changes nothing on the host', async () => {
    await trial().assertNothingLeft()
  })

  test('[FORM-2] the manifest has a name, a version, the version of the API and plugin types', () => {
    const { name, version, apiVersion, pluginTypes } = trial().driverOn(trial().host).manifest
    assert.match(name, /^[\w-]+$/)
    assert.match(version, /^\d+\.\d+/)
    assert.equal(apiVersion, '1.0')
    assert(pluginTypes.length > 0 && pluginTypes.every((type) => /\S/.test(type)), `plugin types: ${pluginTypes}`)
    assert.equal(new Set(pluginTypes).size, pluginTypes.length, 'a plugin type is named twice')
  })

  test('[FORM-3] plug_device and unplug_device are there', () => {
    const driver = trial().driverOn(trial().host)
    assert.equal(typeof driver.plug_device, 'function')
    assert.equal(typeof driver.unplug_device, 'function')
  })
}
