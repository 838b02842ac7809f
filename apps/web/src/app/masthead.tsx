// The bar on top: whose session this is, the theme, the way out.
import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  MenuToggle,
  PageToggleButton,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core'
import MoonIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon'
import SunIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon'
import { useState } from 'react'
import { usePlace } from '../list/place.ts'
import { Logo } from '../session/logo.tsx'
import { OwnPasswordDialog } from '../session/own-password-dialog.tsx'
import { useSession } from '../session/session-gate.tsx'
import { text } from '../text/portal.ts'
import { text as sessionText } from '../text/session.ts'
import { chooseTheme, isDark } from './theme.ts'

export function PortalMasthead() {
  return (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label={text.navigation} />
        </MastheadToggle>
        <MastheadBrand>
          <Logo />
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isStatic>
          <ToolbarContent>
            <ToolbarItem align={{ default: 'alignEnd' }}>
              <ThemeButton />
            </ToolbarItem>
            <ToolbarItem>
              <UserMenu />
            </ToolbarItem>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </Masthead>
  )
}

function ThemeButton() {
  const [dark, setDark] = useState(isDark)
  const choose = () => {
    chooseTheme(!dark)
    setDark(!dark)
  }
  const name = dark ? text.themeLight : text.theme
  return (
    <Button variant="plain" aria-label={name} title={name} icon={dark ? <SunIcon /> : <MoonIcon />} onClick={choose} />
  )
}

/** The dialog of that name, on whatever page. */
const ownPassword = 'own-password'

function UserMenu() {
  const { user, id, logOut } = useSession()
  const { place, open, close } = usePlace()
  const [isOpen, setIsOpen] = useState(false)
  const changePassword = () => {
    setIsOpen(false)
    open(ownPassword)
  }
  return (
    <>
      <Dropdown
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        popperProps={{ position: 'right' }}
        toggle={(ref) => (
          <MenuToggle ref={ref} isExpanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {user}
          </MenuToggle>
        )}
      >
        <DropdownList>
          {id !== '' && <DropdownItem onClick={changePassword}>{sessionText.changePassword}</DropdownItem>}
          <DropdownItem onClick={() => void logOut()}>{sessionText.logOut}</DropdownItem>
        </DropdownList>
      </Dropdown>
      {place.dialog === ownPassword && id !== '' && <OwnPasswordDialog userId={id} onClose={close} />}
    </>
  )
}
