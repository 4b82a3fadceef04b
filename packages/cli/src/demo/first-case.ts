/** Returns shell commands that open a first case, which then stalls. The README contains the same commands. */
export function firstCase(url: string): { readonly open: string; readonly beat: string; readonly list: string } {
  const open = `opened=$(curl -s -H @.crossline/northtel.header -H 'content-type: application/json' -H "idempotency-key: $(date +%s)" \\
  ${url}/v1/cases -d '{
    "carrierCaseId": "MINE-'$(date +%s)'", "line": "try-it", "title": "No signal after update", "channel": "phone",
    "device": { "vendor": "orchard", "model": "Handheld 8700" }, "symptom": "no-signal",
    "handling": {} }')
echo "$opened"`;
  const beat = `case=$(echo "$opened" | grep -o 'cs_[0-9a-z]*' | head -1)
handling=$(echo "$opened" | grep -o 'hd_[0-9a-z]*' | head -1)
while curl -sf -X POST -H @.crossline/northtel.header -H "idempotency-key: beat-$(date +%s)" \\
  ${url}/v1/cases/$case/handlings/$handling/heartbeat; do sleep 60; done &`;
  const list = `curl -s -H @.crossline/orchard.header ${url}/v1/queues/orchard.handheld/handoffs`;
  return { open, beat, list };
}
