#include "cli/text_count.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 16 };

enum tb_encoding tb_encoding_of(const struct tb_era *era)
{
	const char *name = era->card[TB_CARD_TOKENIZER];

	return name ? tb_encoding_named(tb_span_of(name)) : TB_ENCODINGS;
}

enum tb_status tb_text_count_open(struct tb_text_count *c, unsigned wanted, struct tb_err *err)
{
	c->wanted = wanted;
	if (wanted && !tb_counter_available())
		return tb_fail(err, TB_CONFIG,
			       "this tokbill was built without the vocabularies that tokens are "
			       "counted with; they are fetched when it is built: `make deps all` "
			       "where there is a network");
	for (int e = 0; e < TB_ENCODINGS; e++) {
		if (!(wanted & 1u << e))
			continue;
		c->counters[e] = tb_counter_new((enum tb_encoding)e);
		if (!c->counters[e])
			return tb_fail_nomem(err);
	}
	return TB_OK;
}

void tb_text_count_close(struct tb_text_count *c)
{
	for (int e = 0; e < TB_ENCODINGS; e++)
		tb_counter_free(c->counters[e]);
	*c = (struct tb_text_count){0};
}

static enum tb_status add(struct tb_text_count *c, const char *p, size_t n, struct tb_err *err)
{
	c->bytes += n;
	for (int e = 0; e < TB_ENCODINGS; e++)
		if (c->counters[e])
			TB_TRY(tb_counter_add(c->counters[e], p, n, err));
	return TB_OK;
}

static enum tb_status finish(struct tb_text_count *c, struct tb_err *err)
{
	for (int e = 0; e < TB_ENCODINGS; e++)
		if (c->counters[e])
			TB_TRY(tb_counter_finish(c->counters[e], &c->tokens[e], err));
	return TB_OK;
}

static void reset(struct tb_text_count *c)
{
	c->bytes = 0;
	for (int e = 0; e < TB_ENCODINGS; e++)
		if (c->counters[e])
			tb_counter_reset(c->counters[e]);
}

enum tb_status tb_text_count_bytes(struct tb_text_count *c, const char *p, size_t n,
				   struct tb_err *err)
{
	reset(c);
	TB_TRY(add(c, p, n, err));
	return finish(c, err);
}

static enum tb_status count_all(struct tb_text_count *c, int fd, struct tb_err *err)
{
	char block[BLOCK];
	ssize_t n;

	reset(c);
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return tb_fail(err, TB_NOINPUT, "%s", strerror(errno));
		TB_TRY(add(c, block, (size_t)n, err));
	}
	return finish(c, err);
}

enum tb_status tb_text_count_file(struct tb_text_count *c, const char *path, struct tb_err *err)
{
	bool standard = strcmp(path, "-") == 0;
	struct tb_err why = {0};
	enum tb_status st;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return tb_fail(err, TB_NOINPUT, "%s: %s", path, strerror(errno));
	st = count_all(c, fd, &why);
	if (!standard)
		close(fd);
	return st == TB_OK
		       ? TB_OK
		       : tb_fail(err, st, "%s: %s", standard ? "standard input" : path, why.text);
}
