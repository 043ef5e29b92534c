import{$ as e,A as t,C as n,Ct as r,D as i,J as a,L as o,Q as s,St as c,Tt as l,Z as u,_t as d,a as f,at as p,bt as m,ct as h,dt as g,ft as _,gt as v,ht as y,mt as b,n as x,ot as S,rt as C,st as w,tt as T,vt as E,w as D,wt as O,x as k,xt as A,yt as j}from"./index-BO-Q9Yxz.js";import{t as M}from"./Copy-BlJ1esnt.js";import{i as N,n as P,r as F,t as I}from"./EndpointForm-BYbgtVpO.js";import{t as L}from"./Code-CnbEJPoj.js";import{t as ee}from"./Status-BF_SP7ox.js";import{a as te,r as ne,t as R}from"./paths-DIIQ17rI.js";var z=[{name:`Node`,file:`receiver.mjs`,run:`node receiver.mjs`,code:e=>`import { createServer } from 'node:http';
import { createHmac, timingSafeEqual } from 'node:crypto';

// Keep it in your environment, not in your code.
const SECRET = process.env.PARSEFLOW_SECRET ?? '${e}';

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks); // the raw bytes: sign these, not parsed JSON
    const expected = createHmac('sha256', SECRET).update(body).digest();
    const given = Buffer.from(String(request.headers['x-parseflow-signature']), 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return response.writeHead(401).end('wrong signature');
    }
    response.writeHead(204).end(); // answer first, work later
    const { event, data } = JSON.parse(body);
    console.log(event, data.id, request.headers['x-parseflow-delivery']);
  });
}).listen(9000);
`},{name:`Python`,file:`receiver.py`,run:`python3 receiver.py`,code:e=>`import hashlib
import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Keep it in your environment, not in your code.
SECRET = os.environ.get("PARSEFLOW_SECRET", "${e}")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))  # the raw bytes
        expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        given = self.headers.get("X-ParseFlow-Signature", "")
        if not hmac.compare_digest(expected.encode(), given.encode()):
            self.send_response(401)
            self.end_headers()
            return
        self.send_response(204)  # answer first, work later
        self.end_headers()
        event = json.loads(body)
        print(event["event"], event["data"].get("id"), self.headers["X-ParseFlow-Delivery"], flush=True)


ThreadingHTTPServer(("", 9000), Receiver).serve_forever()
`},{name:`Go`,file:`receiver.go`,run:`go run receiver.go`,code:e=>`package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	secret := os.Getenv("PARSEFLOW_SECRET") // keep it there, not in your code
	if secret == "" {
		secret = "${e}"
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20)) // the raw bytes
		if err != nil {
			http.Error(w, "cannot read the body", http.StatusBadRequest)
			return
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		given, err := hex.DecodeString(r.Header.Get("X-ParseFlow-Signature"))
		if err != nil || !hmac.Equal(mac.Sum(nil), given) {
			http.Error(w, "wrong signature", http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent) // answer first, work later
		var event struct {
			Event string         \`json:"event"\`
			Data  map[string]any \`json:"data"\`
		}
		if json.Unmarshal(body, &event) == nil {
			log.Println(event.Event, event.Data["id"], r.Header.Get("X-ParseFlow-Delivery"))
		}
	})
	log.Fatal(http.ListenAndServe(":9000", nil))
}
`},{name:`Rust`,file:`src/main.rs`,run:`cargo add axum hmac@0.12 sha2@0.10 hex && cargo add tokio --features full && cargo add serde_json && cargo run`,code:e=>`use axum::{Router, body::Bytes, http::{HeaderMap, StatusCode}, routing::post};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The whole body as it arrived: sign these bytes, not parsed JSON.
async fn receive(headers: HeaderMap, body: Bytes) -> StatusCode {
    // Keep it in your environment, not in your code.
    let secret = std::env::var("PARSEFLOW_SECRET")
        .unwrap_or_else(|_| "${e}".to_owned());
    let given = headers.get("x-parseflow-signature").map(|value| value.as_bytes());
    let given = hex::decode(given.unwrap_or_default()).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(&body);
    if mac.verify_slice(&given).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    if let Ok(event) = serde_json::from_slice::<serde_json::Value>(&body) {
        println!("{} {}", event["event"], event["data"]["id"]);
    }
    StatusCode::NO_CONTENT
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("0.0.0.0:9000").await?;
    axum::serve(listener, Router::new().fallback(post(receive))).await
}
`},{name:`PHP`,file:`receiver.php`,run:`php -S 0.0.0.0:9000 receiver.php`,code:e=>`<?php
// Keep it in your environment, not in your code.
$secret = getenv('PARSEFLOW_SECRET') ?: '${e}';

$body = file_get_contents('php://input'); // the raw bytes
$expected = hash_hmac('sha256', $body, $secret);
$given = $_SERVER['HTTP_X_PARSEFLOW_SIGNATURE'] ?? '';

if (!hash_equals($expected, $given)) {
    http_response_code(401);
    exit('wrong signature');
}

http_response_code(204); // answer first, work later
$event = json_decode($body, true);
error_log($event['event'] . ' ' . ($event['data']['id'] ?? '') . ' ' . $_SERVER['HTTP_X_PARSEFLOW_DELIVERY']);
`}],B=T(`<button type="button" role="tab" class="svelte-jmwdyg"> </button>`),V=T(`<div><div class="tabs svelte-jmwdyg" role="tablist" aria-label="Language" tabindex="-1"></div> <div role="tabpanel"><!> <p class="help">Save it as <code> </code> and start it: <code> </code>. It listens on port 9000.</p></div></div>`);function H(t,n){let i=C();r(n,!0);let u=m(0),f=A(()=>z[h(u)]??z[0]);function p(e){let t=e.key===`ArrowRight`?1:e.key===`ArrowLeft`?-1:0;t!==0&&(e.preventDefault(),j(u,(h(u)+t+z.length)%z.length),document.getElementById(`${i}-tab-${h(u)}`)?.focus())}var _=V(),y=b(_);a(y,23,()=>z,e=>e.name,(t,n,r)=>{var a=B(),c=v(a,!0);g(()=>{o(a,`id`,`${i}-tab-${h(r)??``}`),o(a,`aria-selected`,h(u)===h(r)),o(a,`aria-controls`,`${i}-panel`),o(a,`tabindex`,h(u)===h(r)?0:-1),s(c,h(n).name)}),S(`click`,a,()=>j(u,h(r),!0)),e(t,a)}),l(y);var x=d(y,2),w=b(x);{let e=A(()=>h(f).code(n.secret));L(w,{get text(){return h(e)},label:`the receiver`,tall:!0})}var T=d(w,2),E=d(b(T)),D=v(E,!0),k=d(E,2),M=v(k,!0);O(),l(T),l(x),l(_),g(()=>{o(x,`id`,`${i}-panel`),o(x,`aria-labelledby`,`${i}-tab-${h(u)??``}`),s(D,h(f).file),s(M,h(f).run)}),S(`keydown`,y,p),e(t,_),c()}p([`keydown`,`click`]);var U=T(`<p>Events are signed with a secret that you get here, once.</p>`),W=T(`<form class="panel" novalidate=""><div class="body"><!></div> <div class="foot row svelte-cc2mgw"><a class="button" href="/endpoints">Cancel</a> <button type="submit" class="primary"> </button></div></form>`),G=T(`<p class="soft">A made-up <code>extraction.completed</code> with <code>"test": true</code>, signed, delivered and retried like a real one.</p>`),K=T(`<p> </p>`),re=T(`<p class="help"> </p>`),ie=T(`<p class="row"><!> <span> </span> <a>Show the delivery</a></p> <!>`,1),ae=T(`<div class="stack"><section class="panel secret svelte-cc2mgw" aria-labelledby="secret-title"><div class="body"><h2 id="secret-title">Secret</h2> <p>Save it now: it is shown this once. With it your receiver knows that a request is ours.</p> <div class="row value svelte-cc2mgw"><code data-secret="" class="svelte-cc2mgw"> </code><!></div></div></section> <section class="panel" aria-labelledby="receiver-title"><div class="head"><h2 id="receiver-title">A receiver that verifies</h2></div> <div class="body"><!></div></section> <section class="panel" aria-labelledby="test-title"><div class="head"><h2 id="test-title">Try it</h2> <button type="button" class="primary"><!>Send a test event</button></div> <div class="body" role="status"><!></div></section> <div class="row"><a class="button">Go to the endpoint</a><a class="button plain" href="/endpoints">All endpoints</a></div></div>`),oe=T(`<div class="screen-head"><div><h1> </h1> <!></div></div> <!>`,1);function q(p,C){r(C,!0);let T=m(E(F(null))),L=m(null),z=m(!1),B=m(null),V=m(null);async function q(e){e.preventDefault();let t=N(h(T).url);if(t!==``)j(L,new n(0,`invalid_input`,t,null,[{pointer:`/url`,message:t}]));else if(h(T).events.length!==0){j(z,!0),j(L,null);try{let{description:e,timeoutMs:t,rateLimitPerSecond:n,...r}=P(h(T)),a=Object.entries({description:e,timeoutMs:t,rateLimitPerSecond:n}).filter(([,e])=>e!==null);j(B,await i(`POST`,R,{body:{...r,...Object.fromEntries(a)}})),scrollTo(0,0)}catch(e){j(L,e instanceof n?e:new n(0,`unexpected`,x(e)))}j(z,!1)}}async function J(){if(h(B)===null||h(V)===null)return;let{id:e}=h(V),t=await D(ne(h(B).id,e)).catch(()=>null);t!==null&&h(V)?.id===e&&j(V,{id:e,detail:t})}async function se(){if(h(B)!==null)try{let e=await i(`POST`,`${te(h(B).id)}/test`);j(V,{id:e.id,detail:null}),await J()}catch(e){f.failed(x(e))}}_(()=>k.deliveries(e=>{e.id===h(V)?.id&&J()})),_(()=>{if(h(V)===null||(h(V).detail?.attempts.length??0)>0)return;let e=setInterval(()=>void J(),700);return()=>clearInterval(e)});let Y=A(()=>h(V)?.detail?.attempts.at(-1)??null);var X=oe(),Z=y(X),Q=b(Z),$=b(Q),ce=v($,!0),le=d($,2),ue=t=>{var n=U();e(t,n)};u(le,e=>{h(B)||e(ue)}),l(Q),l(Z);var de=d(Z,2),fe=t=>{var n=W(),r=b(n),i=b(r);I(i,{get error(){return h(L)},get draft(){return h(T)},set draft(e){j(T,e,!0)}}),l(r);var a=d(r,2),o=d(b(a),2),c=v(o,!0);l(a),l(n),g(()=>{o.disabled=h(z),s(c,h(z)?`Registering…`:`Register`)}),w(`submit`,n,q),e(t,n)},pe=n=>{var r=ae(),i=b(r),c=b(i),f=d(b(c),4),p=b(f),m=v(p,!0),_=d(p);M(_,{get text(){return h(B).secret},what:`the secret`,label:`Copy`}),l(f),l(c),l(i);var x=d(i,2),C=d(b(x),2);H(b(C),{get secret(){return h(B).secret}}),l(C),l(x);var w=d(x,2),T=b(w),E=d(b(T),2),D=b(E);t(D,{name:`deliveries`,size:14}),O(),l(E),l(T);var k=d(T,2),A=b(k),j=t=>{var n=G();e(t,n)},N=t=>{var n=K(),r=v(n);g(()=>s(r,`Waiting for the answer of ${h(B).url??``} …`)),e(t,n)},P=t=>{var n=ie(),r=y(n),i=b(r),c=e=>{ee(e,{get state(){return h(V).detail.state}})};u(i,e=>{h(V).detail&&e(c)});var f=d(i,2),p=v(f,!0),m=d(f,2);l(r);var _=d(r,2);a(_,17,()=>h(Y).hints,e=>e.code,(t,n)=>{var r=re(),i=v(r,!0);g(()=>s(i,h(n).message)),e(t,r)}),g(()=>{s(p,h(Y).status===null?h(Y).error??`There was no answer.`:`Your receiver answered ${h(Y).status} after ${h(Y).durationMs} ms.`),o(m,`href`,`/deliveries?open=${h(B).id??``}/${h(V).id??``}`)}),e(t,n)};u(A,e=>{h(V)===null?e(j):h(Y)===null?e(N,1):e(P,-1)}),l(k),l(w);var F=d(w,2),I=b(F);O(),l(F),l(r),g(()=>{s(m,h(B).secret),o(I,`href`,`/endpoints/${h(B).id??``}`)}),S(`click`,E,se),e(n,r)};u(de,e=>{h(B)===null?e(fe):e(pe,-1)}),g(()=>s(ce,h(B)?`Your endpoint is ready`:`New endpoint`)),e(p,X),c()}p([`click`]);export{q as default};