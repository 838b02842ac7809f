// MAC addresses for vNICs that come without one: from the range of oVirt's default MAC pool.
import { randomBytes } from 'node:crypto'
import type { Tables } from '../store/store.ts'

export async function freeMac(tables: Tables): Promise<string> {
  for (;;) {
    const mac = ['56', '6f', ...randomBytes(4).toString('hex').match(/../g)!].join(':')
    if ((await tables.nics.find({ mac })).length === 0) return mac
  }
}
