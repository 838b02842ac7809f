// Two ends and the cord between them.
import { text } from '../text/portal.ts'

export function Logo() {
  return (
    <span className="logo">
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="6" fill="#0066cc" />
        <path d="M8 10h5a3 3 0 0 1 3 3v6a3 3 0 0 0 3 3h5" fill="none" stroke="#fff" strokeWidth="2.5" />
        <circle cx="8" cy="10" r="3.2" fill="#fff" />
        <circle cx="24" cy="22" r="3.2" fill="#fff" />
      </svg>
      <span className="masthead-name">{text.name}</span>
    </span>
  )
}
