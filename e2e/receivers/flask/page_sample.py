import hmac
import hashlib
from flask import Flask, request, jsonify

app = Flask(__name__)
WEBHOOK_SECRET = "whsec_your_webhook_secret"

@app.route('/webhooks/parseflow', methods=['POST'])
def handle_webhook():
    # 1. Verify signature
    signature = request.headers.get('X-ParseFlow-Signature', '')
    expected = hmac.new(
        WEBHOOK_SECRET.encode(),
        request.data,
        hashlib.sha256
    ).hexdigest()

    if not hmac.compare_digest(signature, expected):
        return jsonify({"error": "Invalid signature"}), 401

    # 2. Process event
    payload = request.json
    event = payload['event']

    if event == 'extraction.completed':
        doc_id = payload['data']['id']
        doc_type = payload['data']['documentType']
        # Save to your database, trigger next step, etc.
        print(f"Extraction complete: {doc_id} ({doc_type})")

    elif event == 'quota.warning':
        # Send alert to team
        print("Quota warning: 80% usage reached")

    return jsonify({"received": True}), 200
