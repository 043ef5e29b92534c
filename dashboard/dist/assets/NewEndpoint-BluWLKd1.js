import{$ as e,Ct as t,Et as n,O as r,Q as i,R as a,S as o,St as s,T as c,Tt as l,Y as u,_t as d,a as f,bt as p,ct as m,et as h,ft as g,gt as _,ht as v,it as y,j as b,lt as x,n as S,nt as C,ot as w,p as T,pt as E,st as D,vt as O,w as k,wt as A,xt as j,yt as M}from"./index-DSzPKsyU.js";import{t as ee}from"./Copy-C0EmV8uh.js";import{i as N,n as P,r as F,t as I}from"./EndpointForm-C2badI6U.js";import{t as L}from"./Code-llb8qlRi.js";import{t as te}from"./Status-DNy6-IZF.js";import{a as ne,r as re,t as ie}from"./paths-DIIQ17rI.js";var R=[{name:`Node`,file:`receiver.mjs`,run:`node receiver.mjs`,code:e=>`import { createServer } from 'node:http';
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
`}],z=C(`<button type="button" role="tab" class="svelte-jmwdyg"> </button>`),B=C(`<div><div class="tabs svelte-jmwdyg" role="tablist" aria-label="Language" tabindex="-1"></div> <div role="tabpanel"><!> <p class="help">Save it as <code> </code> and start it: <code> </code>. It listens on port 9000.</p></div></div>`);function ae(r,i){let o=y();A(i,!0);let c=j(0),f=s(()=>R[x(c)]??R[0]);function m(e){let t=e.key===`ArrowRight`?1:e.key===`ArrowLeft`?-1:0;t!==0&&(e.preventDefault(),p(c,(x(c)+t+R.length)%R.length),document.getElementById(`${o}-tab-${x(c)}`)?.focus())}var _=B(),b=v(_);u(b,23,()=>R,e=>e.name,(t,n,r)=>{var i=z(),s=d(i,!0);g(()=>{a(i,`id`,`${o}-tab-${x(r)??``}`),a(i,`aria-selected`,x(c)===x(r)),a(i,`aria-controls`,`${o}-panel`),a(i,`tabindex`,x(c)===x(r)?0:-1),e(s,x(n).name)}),D(`click`,i,()=>p(c,x(r),!0)),h(t,i)}),n(b);var S=O(b,2),C=v(S);{let e=s(()=>x(f).code(i.secret));L(C,{get text(){return x(e)},label:`the receiver`,tall:!0})}var w=O(C,2),T=O(v(w)),E=d(T,!0),k=O(T,2),M=d(k,!0);l(),n(w),n(S),n(_),g(()=>{a(S,`id`,`${o}-panel`),a(S,`aria-labelledby`,`${o}-tab-${x(c)??``}`),e(E,x(f).file),e(M,x(f).run)}),D(`keydown`,b,m),h(r,_),t()}w([`keydown`,`click`]);var oe=C(`<p>Events are signed with a secret that you get here, once.</p>`),se=C(`<form class="panel" novalidate=""><div class="body"><!></div> <div class="foot row svelte-cc2mgw"><a class="button" href="/endpoints">Cancel</a> <button type="submit" class="primary"> </button></div></form>`),V=C(`<p class="soft">A made-up <code>extraction.completed</code> with <code>"test": true</code>, signed, delivered and retried like a real one.</p>`),H=C(`<p> </p>`),U=C(`<p class="help"> </p>`),W=C(`<p class="row"><!> <span> </span> <a>Show the delivery</a></p> <!>`,1),G=C(`<div class="stack"><section class="panel secret svelte-cc2mgw" aria-labelledby="secret-title"><div class="body"><h2 id="secret-title">Secret</h2> <p>Save it now: it is shown this once. With it your receiver knows that a request is ours.</p> <div class="row value svelte-cc2mgw"><code data-secret="" class="svelte-cc2mgw"> </code><!></div></div></section> <section class="panel" aria-labelledby="receiver-title"><div class="head"><h2 id="receiver-title">A receiver that verifies</h2></div> <div class="body"><!></div></section> <section class="panel" aria-labelledby="test-title"><div class="head"><h2 id="test-title">Try it</h2> <button type="button" class="primary"><!>Send a test event</button></div> <div class="body" role="status"><!></div></section> <div class="row"><a class="button">Go to the endpoint</a><a class="button plain" href="/endpoints">All endpoints</a></div></div>`),ce=C(`<div class="screen-head"><div><h1> </h1> <!></div></div> <!>`,1);function K(y,C){A(C,!0);let w=j(M(F(null))),L=j(null),R=j(!1),z=j(null),B=j(null);async function K(e){e.preventDefault();let t=N(x(w).url);if(t!==``)p(L,new k(0,`invalid_input`,t,null,[{pointer:`/url`,message:t}]));else if(x(w).events.length!==0){p(R,!0),p(L,null);try{let{description:e,timeoutMs:t,rateLimitPerSecond:n,...i}=P(x(w)),a=Object.entries({description:e,timeoutMs:t,rateLimitPerSecond:n}).filter(([,e])=>e!==null);p(z,await r(`POST`,ie,{body:{...i,...Object.fromEntries(a)}})),scrollTo(0,0)}catch(e){p(L,e instanceof k?e:new k(0,`unexpected`,S(e)))}p(R,!1)}}async function q(){if(x(z)===null||x(B)===null)return;let{id:e}=x(B),t=await c(re(x(z).id,e)).catch(()=>null);t!==null&&x(B)?.id===e&&p(B,{id:e,detail:t})}async function le(){if(x(z)!==null)try{let e=await r(`POST`,`${ne(x(z).id)}/test`);p(B,{id:e.id,detail:null}),await q()}catch(e){f.failed(S(e))}}E(()=>o.deliveries(e=>{e.id===x(B)?.id&&q()})),E(()=>{if(x(B)===null||(x(B).detail?.attempts.length??0)>0)return;let e=setInterval(()=>void q(),700);return()=>clearInterval(e)});let J=s(()=>x(B)?.detail?.attempts.at(-1)??null);var Y=ce(),X=_(Y),Z=v(X),Q=v(Z),$=d(Q,!0),ue=O(Q,2),de=e=>{var t=oe();h(e,t)};i(ue,e=>{x(z)||e(de)}),n(Z),n(X);var fe=O(X,2),pe=t=>{var r=se(),i=v(r),a=v(i);I(a,{get error(){return x(L)},get draft(){return x(w)},set draft(e){p(w,e,!0)}}),n(i);var o=O(i,2),s=O(v(o),2),c=d(s,!0);n(o),n(r),g(()=>{s.disabled=x(R),e(c,x(R)?`Registering…`:`Register`)}),m(`submit`,r,K),h(t,r)},me=t=>{var r=G(),o=v(r),s=v(o),c=O(v(s),4),f=v(c),p=d(f,!0),m=O(f);ee(m,{get text(){return x(z).secret},what:`the secret`,label:`Copy`}),n(c),n(s),n(o);var y=O(o,2),S=O(v(y),2);ae(v(S),{get secret(){return x(z).secret}}),n(S),n(y);var C=O(y,2),w=v(C),E=O(v(w),2),k=v(E);b(k,{name:`deliveries`,size:14}),l(),n(E),n(w);var A=O(w,2),j=v(A),M=e=>{var t=V();h(e,t)},N=t=>{var n=H(),r=d(n);g(()=>e(r,`Waiting for the answer of ${x(z).url??``} …`)),h(t,n)},P=t=>{var r=W(),o=_(r),s=v(o),c=e=>{te(e,{get state(){return x(B).detail.state}})};i(s,e=>{x(B).detail&&e(c)});var l=O(s,2),f=d(l,!0),p=O(l,2);n(o);var m=O(o,2);u(m,17,()=>x(J).hints,e=>e.code,(t,n)=>{var r=U(),i=d(r,!0);g(t=>e(i,t),[()=>T(x(n).message)]),h(t,r)}),g(()=>{e(f,x(J).status===null?x(J).error??`There was no answer.`:`Your receiver answered ${x(J).status} after ${x(J).durationMs} ms.`),a(p,`href`,`/deliveries?open=${x(z).id??``}/${x(B).id??``}`)}),h(t,r)};i(j,e=>{x(B)===null?e(M):x(J)===null?e(N,1):e(P,-1)}),n(A),n(C);var F=O(C,2),I=v(F);l(),n(F),n(r),g(()=>{e(p,x(z).secret),a(I,`href`,`/endpoints/${x(z).id??``}`)}),D(`click`,E,le),h(t,r)};i(fe,e=>{x(z)===null?e(pe):e(me,-1)}),g(()=>e($,x(z)?`Your endpoint is ready`:`New endpoint`)),h(y,Y),t()}w([`click`]);export{K as default};