import { Controller, Get } from '@nestjs/common';
import { Public } from '@feather-identity/http';
import { tokenAt } from '../keys.mjs';
import { createService } from '../ours.mjs';
import { OPEN_WHOAMI, WHOAMI } from './paths.mjs';
import { route } from './route.mjs';

/** The service as shipped, with one public route more: it answers what `whoami` answers to the first key. */
export async function start({ url }) {
  const key = tokenAt(0);
  let body = null;
  class OpenController {
    // A new object a request, as the real handler makes one.
    whoAmI() {
      return { ...body, api_key: { ...body.api_key } };
    }
  }
  route(OpenController, 'whoAmI', Public(), Get());
  Controller(OPEN_WHOAMI)(OpenController);
  const { app, close } = await createService(url, [OpenController]);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address();
  body = await (await fetch(`http://127.0.0.1:${port}${WHOAMI}`, { headers: { 'x-api-key': key } })).json();
  return { port, key, close };
}
