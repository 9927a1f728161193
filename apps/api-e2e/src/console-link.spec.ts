import { beforeAll, describe, expect, it } from '@jest/globals';
import { printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';

const LINK = /^http:\/\/localhost:8000\/console\/sign-in#code=([\w-]{43})\n$/;

describe('a link to the console that the command line prints', () => {
  let installation: Installation;
  let service: Service;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    service = await installation.start();
  });

  const open = (body: object) =>
    fetch(`${service.url}/console/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: service.url },
      body: JSON.stringify(body),
    });
  const codeOf = (printed: string) => LINK.exec(printed)?.[1] ?? '';

  it('opens the console as the operator, once, without any operator key', async () => {
    const { status, stdout, stderr } = await installation.run(['console', 'link']);
    expect([status, stdout]).toEqual([0, expect.stringMatching(LINK)]);
    expect(stderr).toBe(
      'This link works once, within 10 minutes, and signs in as the operator, who may do everything. ' +
        'It leads to port 8000: if the service listens elsewhere, give the command the same PORT, or PUBLIC_URL.\n',
    );
    const code = codeOf(stdout);
    const opened = await open({ code });
    expect([opened.status, await opened.json()]).toEqual([
      201,
      expect.objectContaining({ kind: 'operator', unrestricted: true, organization: null, api_key: null }),
    ]);
    const cookie = opened.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const organizations = await fetch(`${service.url}/console/api/v1/operator/organizations`, { headers: { cookie } });
    expect([organizations.status, await organizations.json()]).toEqual([
      200,
      expect.objectContaining({ items: [expect.objectContaining({ name: 'Default organization' })] }),
    ]);
    expect((await open({ code })).status).toBe(401);
    const events = printedJson(await installation.run(['audit', 'list', '--operator', '--json']));
    expect(events).toMatchObject([
      { type: 'console_link.created', actor_type: 'operator', actor_name: expect.any(String) },
      { type: 'console_session.opened', actor_type: 'operator' },
    ]);
    expect(service.output).not.toContain(code);
  });

  it('opens it as one key', async () => {
    const prefix = service.firstKey.slice(0, 17);
    const { stdout } = await installation.run(['console', 'link', '--key', prefix, '--json']);
    const { url } = JSON.parse(stdout) as { readonly url: string };
    const opened = await open({ code: codeOf(`${url}\n`) });
    expect(await opened.json()).toMatchObject({ kind: 'tenant', api_key: { key_prefix: prefix } });
    const unknown = await installation.run(['console', 'link', '--key', 'fth_live_00000000']);
    expect([unknown.status, unknown.stdout, unknown.stderr]).toEqual([1, '', 'No such API key.\n']);
    const whole = await installation.run(['console', 'link', '--key', service.firstKey]);
    expect([whole.status, whole.stdout]).toEqual([2, '']);
    expect(whole.stderr).not.toContain(service.firstKey);
  });

  it('leads to PUBLIC_URL, and is not printed where the console is off', async () => {
    const settings = { PUBLIC_URL: 'https://api.example.com/feather' };
    const printed = await installation.run(['console', 'link'], settings);
    expect(printed.stderr).not.toContain('port');
    expect(printed.stdout).toMatch(/^https:\/\/api\.example\.com\/feather\/console\/sign-in#code=[\w-]{43}\n$/);
    for (const off of [{ CONSOLE: 'off' }, { NODE_ENV: 'production' }]) {
      const refused = await installation.run(['console', 'link'], off);
      expect([refused.status, refused.stdout, refused.stderr]).toEqual([
        1,
        '',
        'The console is off. Set CONSOLE=on, here and for the service.\n',
      ]);
    }
  });
});
