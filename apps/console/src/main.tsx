import '@feather-identity/react/styles.css';
import './styles/app.css';
import './styles/keys.css';
import './styles/screens.css';
import './styles/lists.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { basePath, whenRefused } from './api/client.js';
import { createQueryClient } from './api/query-client.js';
import { createConsoleRouter } from './router.js';
import { takeCodes } from './screens/sign-in/link-code.js';
import { sessionQuery } from './session/session.js';

// Before anything else can see the address.
takeCodes(`${basePath}/sign-in`);

const queries = createQueryClient();
const router = createConsoleRouter(queries);
// If the session is over, the frame of the page leads to signing in.
whenRefused(() => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }));

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
