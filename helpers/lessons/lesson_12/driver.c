/* Lets a `forward` written in C be asked from outside: weights from a file, rows from standard input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

void forward(const float *place, const float *end, float *values);

int main(int argc, char **argv) { /* the file of weights; how often to answer each row */
#ifdef _WIN32
  _setmode(_fileno(stdin), _O_BINARY); /* else a byte that looks like the end of a text ends the rows */
  _setmode(_fileno(stdout), _O_BINARY);
#endif
  static float weights[1 << 18], row[64], values[256];
  FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  size_t size = fread(weights, sizeof *weights, sizeof weights / sizeof *weights, file);
  int times = atoi(argv[2]);
  long rows = 0;
  clock_t used = 0;
  for (; fread(row, sizeof *row, 64, stdin) == 64; rows++) {
    clock_t start = clock();
    for (int turn = 0; turn < times; turn++) {
      memcpy(values, row, sizeof row);
      forward(weights, weights + size, values);
    }
    used += clock() - start;
    if (fwrite(values, sizeof *values, 10, stdout) != 10) return 3;
  }
  fprintf(stderr, "%g", rows ? (double)used / CLOCKS_PER_SEC / rows / times : 0.0);
  return 0;
}
