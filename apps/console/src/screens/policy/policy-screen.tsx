import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function PolicyScreen(): ReactElement {
  return <Page title="Policy">{null}</Page>;
}
