// Runs the documentation's Node sample (page_sample.js, its text unchanged) in an Express app and
// records what it received, for the contract tests to read back.
//
// Only the secret's literal is replaced, because it is known after registration:
//   POST /control/secret   "whsec_…"      the secret to verify with
//   POST /control/answers  [503, 500]     statuses for the next requests, in place of the sample's;
//                          {"status": 503, "headers": {"Retry-After": "3"}} stands for one with headers
//   GET  /control/requests                everything received so far
'use strict';

const fs = require('fs');
const path = require('path');
const express = require('express');
const { Webhook } = require('standardwebhooks');

const state = { secret: '', answers: [], requests: [] };

function standardVerdict(req) {
  try {
    new Webhook(state.secret).verify(req.rawBody, req.headers);
    return 'verified';
  } catch (error) {
    return String(error.message || error);
  }
}

function record(req, res, next) {
  req.rawBody = Buffer.alloc(0);
  res.on('finish', () => {
    state.requests.push({
      method: req.method,
      path: req.originalUrl,
      headers: req.headers,
      rawHeaders: req.rawHeaders,
      body: req.rawBody.toString('utf8'),
      bodyBytes: req.rawBody.length,
      status: res.statusCode,
      standardWebhooks: standardVerdict(req),
    });
  });
  next();
}

function answerAsTold(req, res, next) {
  if (state.answers.length === 0) return next();
  const told = state.answers.shift();
  const { status, headers } = typeof told === 'number' ? { status: told, headers: {} } : told;
  res.status(status).set(headers).json({ answered: 'as told' });
}

const app = express();
const control = express.Router();
control.use(express.json({ strict: false }));
control.post('/secret', (req, res) => {
  state.secret = req.body;
  res.json({ ok: true });
});
control.post('/answers', (req, res) => {
  state.answers = req.body;
  res.json({ ok: true });
});
control.get('/requests', (req, res) => res.json(state.requests));
app.use('/control', control);

app.use('/webhooks', record);
app.use(express.json({ verify: (req, res, bytes) => { req.rawBody = bytes; } }));
app.use('/webhooks', answerAsTold);

const sample = fs.readFileSync(path.join(__dirname, 'page_sample.js'), 'utf8');
const withSecret = sample.replace("'whsec_your_webhook_secret'", 'secret()');
new Function('require', 'app', 'secret', withSecret)(require, app, () => state.secret);

// Express prints a page for what its parser refused (a body too large, for one); short is enough.
app.use((error, req, res, next) => {
  res.status(error.status || 500).json({ error: error.type || error.message });
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

// The tests hold the other end of stdin: when they end, however they end, so does the receiver.
process.stdin.on('end', () => process.exit(0)).resume();
