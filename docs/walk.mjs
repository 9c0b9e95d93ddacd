#!/usr/bin/env node
// The whole story of a giveaway over HTTP, against a running local host:
//   dotnet run --project local/host          (in one terminal)
//   node docs/walk.mjs [http://127.0.0.1:7071]
// A merchant offers gift cards; a host fills a wallet and gives away 3 of them and 2 airtime prizes; 500 people take
// part; five win; two of the gift cards are redeemed, the merchant is paid, and the books are printed: they sum to zero.
const base = (process.argv[2] ?? 'http://127.0.0.1:7071').replace(/\/$/, '');
const participants = 500;
const atOnce = 25;
const patience = 120_000;

/** Calls the API and gives the body; a refusal ends the walk with the problem's own words. */
async function call(method, path, { as, body, headers = {} } = {}) {
  const answer = await fetch(path.startsWith('/dev') ? base + path : `${base}/api/v1${path}`, {
    method,
    headers: {
      ...(as ? { Authorization: `Bearer ${as}` } : {}),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  }
  return text ? JSON.parse(text) : undefined;
}

const get = (path, options) => call('GET', path, options);
const post = (path, options) => call('POST', path, options);

/** Asks again and again until the answer is the one that is waited for. */
async function until(what, ask, isThere) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const found = await ask();
    if (isThere(found)) {
      return found;
    }
    await new Promise((wake) => setTimeout(wake, 250));
  }
  throw new Error(`It took too long: ${what}`);
}

/** Does the same for many, some at a time. */
async function each(items, act) {
  const results = [];
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(act))));
  }
  return results;
}

const rupees = (minor) => (minor / 100).toLocaleString('en-IN', { style: 'currency', currency: 'INR' });
const say = (text) => console.log(text);

async function walk() {
  const demo = await get('/dev/users');
  const signIn = async (name) => {
    const { email, password } = demo.find((user) => user.name === name);
    return (await post('/auth/sign-in', { body: { email, password } })).session.accessToken;
  };
  const [host, merchant, operator] = [await signIn('harish'), await signIn('meera'), await signIn('admin')];

  say('1. A merchant is checked, opens a branch and offers a gift card.');
  const shop = await becomeMerchant(merchant, operator);
  const branch = await post('/merchant/branches', {
    as: merchant,
    body: { name: 'Tea House, Fort', address: 'Mumbai', staff: [] },
  });
  const card = await post('/merchant/cards', {
    as: merchant,
    body: { name: 'Tea for two', denomination: 50_000, currency: 'INR', stock: 10, validDays: 90 },
  });

  say('2. The host fills the wallet by a bank transfer, of which the provider keeps a fee.');
  const before = await post('/wallets/INR', { as: host });
  await post('/dev/provider/topups', {
    body: { virtualAccount: before.virtualAccount.number, gross: 500_000, currency: 'INR' },
  });
  const wallet = await until('the top-up', () => get('/wallets/INR', { as: host }), (now) => now.available > before.available);
  say(`   wallet ${rupees(wallet.available)}, average fee ${wallet.fees.percent} %`);

  say('3. The host plans a giveaway: 3 gift cards and 2 airtime prizes, every one in escrow before anybody sees it.');
  const starts = Date.now() + 4_000;
  const draft = await post('/giveaways', {
    as: host,
    body: {
      title: 'Monsoon tea',
      mode: 'draw',
      startsAt: new Date(starts).toISOString(),
      endsAt: new Date(starts + 25_000).toISOString(),
      currency: 'INR',
      runnersUp: 2,
      prizes: [
        { title: 'Tea for two', kind: 'giftCard', amount: 50_000, quantity: 3, cardId: card.id },
        { title: 'Airtime', kind: 'airtime', amount: 19_900, quantity: 2 },
      ],
    },
  });
  await post(`/giveaways/${draft.id}/schedule`, { as: host });
  const look = () => get(`/giveaways/${draft.id}`, { as: host });
  const scheduled = await until('its funding', look, (now) => now.funding?.state === 'done' || now.funding?.state === 'failed');
  if (scheduled.funding.state === 'failed') {
    throw new Error(`It could not be funded: ${scheduled.funding.failure}`);
  }
  say(`   ${draft.id}, join code ${scheduled.joinCode}`);

  say(`4. ${participants} people take part.`);
  const people = Array.from({ length: participants }, (_, number) => number);
  const tokens = new Map();
  await each(people, async (number) => {
    const registered = await post(`/public/giveaways/${draft.id}/participants`, {
      body: { name: `Participant ${number}`, contact: `p${number}-${starts}@example.com`, acceptsTerms: true },
    });
    tokens.set(registered.participant, registered.token);
  });

  say('5. It ends, the draw is made with the public beacon, and every prize is given to its winner.');
  await until('the end', look, (now) => now.state === 'past' && now.settledAt);
  const draw = await get(`/public/giveaways/${draft.id}/draw`);
  const checked = await get(`/public/giveaways/${draft.id}/draw/verify`);
  say(`   the draw is ${checked.verified ? 'as it was committed to' : 'NOT VALID'}`);
  const winners = [];
  for (const [participant, key] of tokens) {
    const own = await get(`/public/giveaways/${draft.id}/participants/me`, { headers: { 'X-Participant-Token': key } });
    winners.push(...own.prizes.map((prize) => ({ participant, key, prize })));
  }
  say(`   ${winners.length} winners among ${tokens.size}`);
  return { host, merchant, operator, shop, branch, draft, winners, draw };
}

/** A merchant says who it is, and an operator who has looked at the papers approves. */
async function becomeMerchant(merchant, operator) {
  const shop = await call('PUT', '/merchant', {
    as: merchant,
    body: {
      name: 'Tea House',
      legalName: 'Tea House Private Limited',
      registrationNumber: 'U15100MH2020PTC000001',
      country: 'IN',
      email: 'owner@tea-house.example',
      bankAccount: 'IN00TEAH0000001',
    },
  });
  if (shop.kyc !== 'approved') {
    await post('/merchant/kyc', { as: merchant });
    await post(`/operations/merchants/${shop.id}/review`, { as: operator, body: { approve: true } });
  }
  return shop;
}

/** Winners claim; those with a gift card go to the branch, where the code is entered and then confirmed. */
async function redeem({ merchant, branch, draft, winners }) {
  say('6. The winners claim: a code for a gift card, airtime for a phone.');
  const claims = await each(winners, ({ key, prize }, index) =>
    post(`/public/giveaways/${draft.id}/prizes/${prize.prize}/claim`, {
      headers: { 'X-Participant-Token': key },
      body: prize.kind === 'airtime' ? { phone: '+919876543210' } : {},
    }),
  );
  const codes = claims.filter((claim) => claim.code).map((claim) => claim.code);
  say(`   ${codes.length} codes, ${claims.length - codes.length} phones`);

  say('7. Two gift cards are redeemed at the branch. The merchant gets the amount less both fees.');
  for (const code of codes.slice(0, 2)) {
    const begun = await post('/redemptions', { as: merchant, body: { code, branchId: branch.id } });
    await post(`/redemptions/${begun.id}/confirm`, { as: merchant });
    const look = () => get(`/redemptions/${begun.id}`, { as: merchant });
    const { amount, settlement } = await until('the settlement', look, (now) => now.state === 'completed');
    say(`   ${rupees(amount)} = net ${rupees(settlement.net)} + fee ${rupees(settlement.fee)} + provider ${rupees(settlement.providerFee)}`);
  }
}

/** The merchant takes its money out, and the books are printed. */
async function close({ merchant, operator, shop }) {
  const account = await get(`/merchants/${shop.id}/balance/INR`, { as: merchant });
  say(`8. The merchant withdraws ${rupees(account.available)}.`);
  const path = `/merchants/${shop.id}/withdrawals`;
  const asked = await post(path, {
    as: merchant,
    body: { id: `WITHDRAWAL_${ulid()}`, amount: account.available, currency: 'INR' },
  });
  const paid = await until('the payout', () => get(`${path}/${asked.id}`, { as: merchant }), (now) => now.state === 'completed');
  say(`   ${paid.id} is ${paid.state}`);

  say('9. The books:');
  const { currencies } = await get('/ledger/trial-balance', { as: operator });
  console.table(currencies);
  if (currencies.some((row) => row.total !== 0)) {
    throw new Error('The books do not balance.');
  }
  say('The books balance: zero.');
}

/** A new id as the API takes them: 48 bits of time and 80 of chance in Crockford's base 32. */
function ulid() {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const chance = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  let text = '';
  for (let at = 0; at < 10; at++, time = Math.floor(time / 32)) {
    text = digits[time % 32] + text;
  }
  return text + Array.from(chance, (byte) => digits[byte % 32]).join('');
}

const story = await walk();
await redeem(story);
await close(story);
