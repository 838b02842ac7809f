// A request whose element does not have the value its type asks for.

export class InvalidElement extends Error {
  override readonly name = 'InvalidElement'

  constructor(where: string, expected: string) {
    super(`The element "${where}" must be ${expected}.`)
  }
}
