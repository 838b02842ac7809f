// What a guest has that is a machine, beside its interfaces: disks, memory, CPUs, a console.

/** Of guests that run. Throws a plain Error, with the guest as it was. */
export interface Machine {
  /** The domain as it is realised, without secrets. */
  domain(vmId: string): Promise<string>
  /** Adds a device that is no interface, a `<disk>` or a `<memory>`. */
  attach(vmId: string, deviceXml: string): Promise<void>
  /** Resolves when the guest has let go of the device with this alias. Succeeds when it is not there. */
  detach(vmId: string, alias: string): Promise<void>
  /** Replaces what can be replaced of a device, such as the password of a `<graphics>`. */
  update(vmId: string, deviceXml: string): Promise<void>
  setCpuCount(vmId: string, count: number): Promise<void>
  /** `cpus` of the host, as `1,3-5`: where the guest's CPU with this number runs. */
  pinCpu(vmId: string, cpu: number, cpus: string): Promise<void>
}
