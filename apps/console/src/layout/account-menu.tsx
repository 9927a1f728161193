import { Icon } from '@feather-identity/react';
import * as Menu from '@radix-ui/react-dropdown-menu';
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
    <Menu.Root modal={false}>
      <Menu.Trigger className="account">
        <span className="account-mark" aria-hidden="true">
          <Icon name="key" />
        </span>
        <span className="account-text">
          <span className="truncate">{name}</span>
          <span className="truncate mono muted">{session.api_key?.key_prefix ?? 'all organizations'}</span>
        </span>
        <Icon name="down" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu" align="start" sideOffset={6} collisionPadding={8}>
          <Menu.Label className="menu-label">Theme</Menu.Label>
          <Menu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
            {THEMES.map((each) => (
              <Menu.RadioItem key={each.theme} className="menu-item" value={each.theme}>
                <Icon name={each.icon} />
                {each.label}
                <Menu.ItemIndicator className="menu-indicator">
                  <Icon name="check" />
                </Menu.ItemIndicator>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Separator className="menu-separator" />
          <Menu.Item className="menu-item" onSelect={() => void signOut()}>
            <Icon name="signOut" />
            Sign out
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
