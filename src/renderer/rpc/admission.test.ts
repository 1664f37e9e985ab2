import { describe, expect, it } from 'vitest';
import { Admission, hasToken, takeToken } from './admission.ts';

/** A server that answers what it is told, in turn, and notes what it is sent. */
function scripted(...answers: readonly (() => Response)[]) {
  const bodies: unknown[] = [];
  let next = 0;
  const ask = async (_url: unknown, request?: RequestInit): Promise<Response> => {
    bodies.push(
      request?.method === 'DELETE'
        ? 'DELETE'
        : JSON.parse(typeof request?.body === 'string' ? request.body : ''),
    );
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (!answer) throw new TypeError('nobody answers');
    return answer();
  };
  return { admission: new Admission(() => 'http://host/session', ask), bodies };
}

const says = (status: number, message: string) => () => Response.json({ message }, { status });
const lets = (by: 'open' | 'session') => () => Response.json({ role: 'viewer', by });
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('Admission', () => {
  it('passes at once where no token is required, and asks again only when a socket has closed', async () => {
    const { admission, bodies } = scripted(lets('open'));
    await admission.passed();
    await admission.passed();
    expect(bodies).toEqual([{}]);
    admission.closed('opened');
    await admission.passed();
    expect(bodies).toEqual([{}, {}]);
  });

  it('sends the token of the address once', async () => {
    const { admission, bodies } = scripted(lets('session'));
    admission.offer('slu_x');
    await admission.passed();
    expect(admission.state).toEqual({ kind: 'admitted', role: 'viewer', by: 'session' });
    admission.closed('opened');
    await admission.passed();
    expect(bodies).toEqual([{ token: 'slu_x' }, {}]);
  });

  it('holds back until a token is taken, asking nobody meanwhile', async () => {
    const { admission, bodies } = scripted(says(401, 'wanted'), says(401, 'not known'), lets('session'));
    let passed = false;
    const passing = admission.passed().then(() => (passed = true));
    await turn();
    expect(admission.state).toEqual({ kind: 'signed-out' });
    admission.retry();
    await turn();
    expect(bodies).toHaveLength(1);
    admission.signIn('wrong');
    await turn();
    expect(admission.state).toEqual({ kind: 'signed-out', problem: 'not known' });
    expect(passed).toBe(false);
    admission.signIn('right');
    await passing;
    expect(bodies).toEqual([{}, { token: 'wrong' }, { token: 'right' }]);
  });

  it('passes on what keeps every page out, and lets it in once that is mended', async () => {
    const { admission } = scripted(says(403, 'Origin "https://a" …'), lets('open'));
    const passing = admission.passed();
    await turn();
    expect(admission.state).toEqual({ kind: 'refused', sentence: 'Origin "https://a" …' });
    admission.retry();
    await passing;
    expect(admission.state.kind).toBe('admitted');
  });

  it('lets the socket try where nobody answers, and keeps the token', async () => {
    const { admission, bodies } = scripted(() => {
      throw new TypeError('nobody answers');
    }, lets('session'));
    admission.offer('slu_x');
    await admission.passed();
    expect(admission.state.kind).toBe('unknown');
    await admission.passed();
    expect(bodies).toEqual([{ token: 'slu_x' }, { token: 'slu_x' }]);
    expect(admission.state.kind).toBe('admitted');
  });

  it('says so when sockets never open although the page is let in', async () => {
    const { admission } = scripted(lets('open'));
    for (let time = 0; time < 3; time += 1) {
      await admission.passed();
      admission.closed('never opened');
    }
    const passing = admission.passed();
    await turn();
    expect(admission.state).toMatchObject({ kind: 'refused', sentence: expect.stringContaining('Upgrade') });
    admission.retry();
    await passing;
  });

  it('stays out after signing out', async () => {
    const { admission, bodies } = scripted(lets('session'));
    await admission.passed();
    await admission.signOut();
    admission.closed('opened');
    void admission.passed();
    await turn();
    expect(admission.state).toEqual({ kind: 'signed-out' });
    expect(bodies).toEqual([{}, 'DELETE']);
  });
});

describe('takeToken', () => {
  it('takes the token out of the address, and nothing else', () => {
    const replaced: string[] = [];
    const history = {
      state: null,
      replaceState: (_: unknown, __: string, url: string) => replaced.push(url),
    };
    const take = (hash: string) =>
      takeToken({ hash, pathname: '/console/', search: '' } as Location, history as unknown as History);
    expect([hasToken({ hash: '#/requests?t=1' }), hasToken({ hash: '#t=slu_abc' })]).toEqual([false, true]);
    expect(take('#/requests?t=1')).toBeUndefined();
    expect(replaced).toEqual([]);
    expect(take('#t=slu_abc')).toBe('slu_abc');
    expect(replaced).toEqual(['/console/']);
  });
});
