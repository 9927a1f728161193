import { Icon, Menu, MenuItem } from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { request } from '../api/client.js';
import { useSession } from '../session/session.js';
import { setTheme, useTheme, type Theme } from './theme.js';

const THEMES: readonly { readonly theme: Theme; readonly label: string; readonly icon: 'screen' | 'sun' | 'moon' }[] = [
  { theme: 'system', label: 'As the system', icon: 'screen' },
  { theme: 'light', label: 'Light', icon: 'sun' },
  { theme: 'dark', label: 'Dark', icon: 'moon' },
];

/** Who is signed in, the theme, and the way out. */
export function AccountMenu(): ReactElement {
  const session = useSession();
  const theme = useTheme();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const name = session.api_key?.name ?? 'Operator';

  const signOut = async (): Promise<void> => {
    // Without an answer the session may live on, so the page stays as it is.
    await request('DELETE', 'session');
    queries.clear();
    await navigate({ to: '/sign-in', search: {} });
  };

  return (
    <Menu
      className="account"
      label="Account"
      trigger={
        <>
          <span className="account-mark" aria-hidden="true">
            <Icon name="key" />
          </span>
          <span className="visually-hidden">Account</span>
          <span className="account-text">
            <span className="truncate">{name}</span>
            <span className="truncate mono muted">{session.api_key?.key_prefix ?? 'all organizations'}</span>
          </span>
          <Icon name="down" />
        </>
      }
    >
      <div className="menu-label" role="presentation">
        Theme
      </div>
      {THEMES.map((each) => (
        <MenuItem
          key={each.theme}
          icon={each.icon}
          checked={each.theme === theme}
          onSelect={() => setTheme(each.theme)}
        >
          {each.label}
        </MenuItem>
      ))}
      <hr className="menu-separator" />
      <MenuItem icon="signOut" onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
