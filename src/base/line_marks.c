#include "base/line_marks.h"

#include <stdlib.h>

bool tb_line_marks_init(struct tb_line_marks *m, size_t files)
{
	*m = (struct tb_line_marks){.count = files};
	m->files = calloc(files + 1, sizeof(*m->files));
	if (!m->files)
		return false;
	pthread_mutex_init(&m->lock, NULL);
	return true;
}

void tb_line_marks_release(struct tb_line_marks *m)
{
	if (!m->files)
		return;
	for (size_t i = 0; i < m->count; i++)
		free(m->files[i].words);
	free(m->files);
	pthread_mutex_destroy(&m->lock);
	*m = (struct tb_line_marks){0};
}

/* The words of a file, all zeros when they are new; NULL when memory is out. */
static atomic_uint_least64_t *words_of(struct tb_line_marks *m, struct tb_line_file *f)
{
	atomic_uint_least64_t *words = f->words;

	if (words)
		return words;
	pthread_mutex_lock(&m->lock);
	words = f->words;
	if (!words)
		f->words = words = calloc((size_t)(f->lines / 64 + 1), sizeof(*words));
	pthread_mutex_unlock(&m->lock);
	return words;
}

bool tb_line_marks_add(struct tb_line_marks *m, size_t file, uint64_t line)
{
	atomic_uint_least64_t *words = words_of(m, &m->files[file]);
	uint64_t bit = UINT64_C(1) << line % 64;

	if (!words)
		return false;
	if (!(atomic_fetch_or_explicit(&words[line / 64], bit, memory_order_relaxed) & bit))
		atomic_fetch_add_explicit(&m->marked, 1, memory_order_relaxed);
	return true;
}

uint64_t tb_line_marks_next(const struct tb_line_marks *m, size_t file, uint64_t line, uint64_t end)
{
	const struct tb_line_file *f = &m->files[file];
	uint64_t most = end < f->lines ? end : f->lines, bits;
	const atomic_uint_least64_t *words;

	if (!tb_line_marks_any(m, file) || line >= most)
		return end;
	words = f->words;
	bits = words[line / 64] >> line % 64 << line % 64;
	while (!bits) {
		line = (line / 64 + 1) * 64;
		if (line >= most)
			return end;
		bits = words[line / 64];
	}
	line = line / 64 * 64 + (uint64_t)__builtin_ctzll(bits);
	return line < most ? line : end;
}
