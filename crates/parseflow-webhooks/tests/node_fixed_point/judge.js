// The judge of the tests in main.rs: what a real JavaScript engine makes of our bodies.
//
//   node judge.js fixed-point   one body a line: equal to its own JSON.stringify(JSON.parse(body))?
//   node judge.js signatures    one {"secret","id","timestamp","body","hex","standard"} a line:
//                               do the documentation's verifyWebhook and Node's own HMAC agree?
//
// Prints {"judged": lines, "wrong": how many, "examples": the first few}.
'use strict';

const crypto = require('crypto');

const result = { judged: 0, wrong: 0, examples: [] };

function objection(line) {
  return process.argv[2] === 'signatures' ? wrongSignature(line) : notFixed(line);
}

function notFixed(line) {
  let again;
  try {
    again = Buffer.from(JSON.stringify(JSON.parse(line.toString('utf8'))), 'utf8');
  } catch (error) {
    return { line: line.toString('utf8'), error: String(error) };
  }
  if (again.equals(line)) return null;
  return { line: line.toString('utf8'), again: again.toString('utf8') };
}

function wrongSignature(line) {
  const { secret, id, timestamp, body, hex, standard } = JSON.parse(line.toString('utf8'));
  const overReserialised = crypto
    .createHmac('sha256', secret)
    .update(JSON.stringify(JSON.parse(body)), 'utf8')
    .digest('hex');
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const overAll = crypto.createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8');
  const expected = `v1,${overAll.digest('base64')}`;
  if (hex === overReserialised && standard === expected) return null;
  return { body, hex, overReserialised, standard, expected };
}

function judge(line) {
  result.judged += 1;
  const problem = objection(line);
  if (problem === null) return;
  result.wrong += 1;
  if (result.examples.length < 3) result.examples.push({ index: result.judged - 1, ...problem });
}

let rest = [];
process.stdin.on('data', (chunk) => {
  let from = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
    judge(Buffer.concat([...rest, chunk.subarray(from, at)]));
    rest = [];
    from = at + 1;
  }
  rest.push(chunk.subarray(from));
});
process.stdin.on('end', () => process.stdout.write(JSON.stringify(result)));
