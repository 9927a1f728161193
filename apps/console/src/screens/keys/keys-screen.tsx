import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function KeysScreen(): ReactElement {
  return <Page title="Keys">{null}</Page>;
}
