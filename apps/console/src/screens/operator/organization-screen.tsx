import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function OrganizationScreen(): ReactElement {
  return <Page title="Organization">{null}</Page>;
}
