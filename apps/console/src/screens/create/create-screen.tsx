import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';

export function CreateScreen(): ReactElement {
  return <Page title="New">{null}</Page>;
}
