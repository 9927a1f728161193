import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function KeyScreen(): ReactElement {
  return <Page title="Key">{null}</Page>;
}
