"""A VDSM hook script: VMs of a laboratory boot its guest image. Arguments: kernel, initrd.

The domain that an engine sends names no disk to boot from. It gets the image's kernel, as much memory as that needs, an
emulated CPU (there is no KVM in a laboratory), its console in a file and a channel on which its shell answers.
"""

import os
import sys
from xml.dom import minidom

import hooking

GUESTS_DIR = '/run/patchbay-guests'
KERNEL, INITRD = sys.argv[1:3]


def fragment(xml):
    return minidom.parseString(xml).documentElement


def child(parent, name):
    return next((node for node in parent.childNodes if node.nodeName == name), None)


def replace(parent, xml):
    new = fragment(xml)
    old = child(parent, new.nodeName)
    parent.replaceChild(new, old) if old else parent.appendChild(new)


dom = hooking.read_domxml()
domain = dom.documentElement
path = os.path.join(GUESTS_DIR, os.environ['vmId'])

domain.setAttribute('type', 'qemu')
replace(domain, '<memory unit="MiB">96</memory>')
replace(domain, f'''<os><type arch="x86_64" machine="pc">hvm</type><kernel>{KERNEL}</kernel><initrd>{INITRD}</initrd>
  <cmdline>console=ttyS0 panic=-1 quiet</cmdline></os>''')
replace(domain, '<features><acpi/><apic/><tcg><tb-cache unit="MiB">64</tb-cache></tcg></features>')
numa = domain.getElementsByTagName('numa')
replace(domain, '<cpu mode="custom" match="exact" check="none"><model fallback="allow">qemu64</model></cpu>')
for cells in numa:
    child(domain, 'cpu').appendChild(cells)
devices = child(domain, 'devices')
for xml in (
    '<controller type="usb" model="none"/>',
    '<memballoon model="none"/>',
    f'<serial type="file"><source path="{path}.log" append="on"/><target port="0"/></serial>',
    f'<channel type="unix"><source mode="bind" path="{path}.sock"/><target type="virtio" name="patchbay.shell"/></channel>',
):
    replace(devices, xml)
hooking.write_domxml(dom)
