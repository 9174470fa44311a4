// Lets a `forward` written in JavaScript be asked from outside: weights from a file, rows from standard input.
const fs = require("fs");
const [source, weightsFile, times] = process.argv.slice(2);
const forward = new Function(`${fs.readFileSync(source, "utf8")}; return forward;`)();
const bytes = (file) => new Uint8Array(fs.readFileSync(file)).buffer;

const weights = bytes(weightsFile), rows = new Float32Array(bytes(0)), answers = [];
const start = process.hrtime.bigint();
for (let place = 0; place < rows.length; place += 64) {
  for (let turn = 0; turn < Number(times); turn++) {
    answers[place / 64] = forward(weights, rows.subarray(place, place + 64));
  }
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9 / answers.length / Number(times);

process.stdout.write(Buffer.from(new Float32Array(answers.flatMap((answer) => [...answer])).buffer));
process.stderr.write(String(seconds));
