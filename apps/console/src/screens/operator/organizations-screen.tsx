import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function OrganizationsScreen(): ReactElement {
  return <Page title="Organizations">{null}</Page>;
}
