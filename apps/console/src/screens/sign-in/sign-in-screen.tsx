import type { ReactElement } from 'react';

export function SignInScreen(): ReactElement {
  return <h1>Sign in</h1>;
}
