import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function SessionsScreen(): ReactElement {
  return <Page title="Sessions">{null}</Page>;
}
