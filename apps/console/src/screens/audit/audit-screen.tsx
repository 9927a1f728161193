import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function AuditScreen(): ReactElement {
  return <Page title="Audit">{null}</Page>;
}
