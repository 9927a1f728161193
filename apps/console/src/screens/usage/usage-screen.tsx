import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function UsageScreen(): ReactElement {
  return <Page title="Usage">{null}</Page>;
}
