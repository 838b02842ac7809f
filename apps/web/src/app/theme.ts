// Light or dark: as the system has it, until somebody chooses. The choice is no secret and stays in the browser.
const key = 'patchbay-theme'
const darkClass = 'pf-v6-theme-dark'

export function isDark(): boolean {
  const chosen = localStorage.getItem(key)
  return chosen === null ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
}

export function chooseTheme(dark: boolean): void {
  localStorage.setItem(key, dark ? 'dark' : 'light')
  applyTheme()
}

export function applyTheme(): void {
  document.documentElement.classList.toggle(darkClass, isDark())
}
