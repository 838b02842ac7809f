// The sentences of docs/vif-driver.md that no check of a driver can hold, each with the reason.
const bindsAgent = 'binds the agent, not the driver'

export const uncheckedSentences: Readonly<Record<string, string>> = {
  'CALL-1': bindsAgent,
  'CALL-2': bindsAgent,
  'PHASE-1': bindsAgent,
  'PROP-1': bindsAgent,
  'STATE-1': bindsAgent,
  'STATE-3': bindsAgent,
  'STATE-4': bindsAgent,
  'STATE-5': bindsAgent,
  'UNPLUG-1': 'a permission: there is nothing that a driver must do',
  'SOURCE-3': bindsAgent,
  'DEST-5': bindsAgent,
  'CAPS-3': bindsAgent,
  'UNDO-1': bindsAgent,
  'WIRED-2': 'how a provider is told is between it and its driver',
  'WIRED-3': bindsAgent,
  'ERROR-3': bindsAgent,
  'TIME-1': bindsAgent,
  'TIME-2': "which waits there are is the driver's own affair",
  'FORM-1': 'which options there are, and which are wrong, only the author knows',
  'FORM-5': 'cannot be seen from outside',
  'FORM-6': 'what a driver holds cannot be seen from outside',
}
