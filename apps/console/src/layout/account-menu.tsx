import { Button, errorSentence, Icon, Segmented, useToast } from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, type ReactElement } from 'react';
import { request } from '../api/client.js';
import { useSession } from '../session/session.js';
import { setTheme, useTheme } from './theme.js';

const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** Who is signed in, the theme, and the way out: a popover of the browser, which Escape and a click elsewhere close. */
export function AccountMenu(): ReactElement {
  const session = useSession();
  const theme = useTheme();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const id = useId();
  const name = session.api_key?.name ?? 'Operator';

  const signOut = async (): Promise<void> => {
    try {
      await request('DELETE', 'session');
    } catch (error) {
      // The session may live on, so the page stays as it is.
      toast(errorSentence(error), 'bad');
      return;
    }
    await navigate({ to: '/sign-in', search: {} });
    queries.clear();
  };

  return (
    <>
      <button type="button" className="account" popoverTarget={id}>
        <span className="account-mark" aria-hidden="true">
          <Icon name="key" />
        </span>
        <span className="account-text">
          <span className="truncate">{name}</span>
          <span className="truncate mono muted">{session.api_key?.key_prefix ?? 'all organizations'}</span>
          <span className="visually-hidden">, your account</span>
        </span>
        <Icon name="down" />
      </button>
      <div id={id} popover="auto" className="account-menu" role="group" aria-label="Account">
        <div className="field">
          <span className="field-label">Theme</span>
          <Segmented label="Theme" value={theme} options={THEMES} onChange={setTheme} />
        </div>
        <Button icon="signOut" onClick={() => void signOut()}>
          Sign out
        </Button>
      </div>
    </>
  );
}
