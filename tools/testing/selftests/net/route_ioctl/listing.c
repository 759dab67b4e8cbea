// SPDX-License-Identifier: GPL-2.0
/* Routes as /proc/net/route and ip(8) list them. */
#include <stdio.h>
#include <sys/wait.h>

#include "route_ioctl.h"

FIXTURE(listing)
{
	struct host host;
};

FIXTURE_SETUP(listing)
{
	static const struct rtnl_address address = {
		.dev = "d0", .local = "10.3.0.1/24", .label = "d0:1",
	};
	static const struct entry entry[] = {
		{ .dst = "0.0.0.0/0", .gateway = "10.1.0.2",
		  .flags = RTF_GATEWAY },
		{ .dst = "10.9.0.0/16", .dev = "d0:1", .metric = -1 },
		{ .dst = "10.10.0.0/16", .flags = RTF_REJECT },
		{ .dst = "10.11.0.1/32", .dev = "d1", .metric = 5,
		  .flags = RTF_HOST },
		{ .dst = "10.12.0.0/14", .gateway = "10.2.0.2", .mtu = 1500,
		  .window = 4000, .irtt = 7,
		  .flags = RTF_GATEWAY | RTF_MTU | RTF_WINDOW | RTF_IRTT },
		{ .dst = "10.16.0.0/16", .dev = "red" },
	};
	size_t i;

	host_setup(_metadata, &self->host);
	ASSERT_SUPPORTED(return, rtnl_vrf_add("red", 100));
	ASSERT_EQ(0, rtnl_link_up("red", true));
	ASSERT_EQ(0, rtnl_address_add(&address));
	for (i = 0; i < ARRAY_SIZE(entry); i++) {
		struct rtentry rt = rtentry_of(&entry[i]);

		ASSERT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &rt)) {
			TH_LOG("%s: %s", entry[i].dst, strerror(errno));
		}
	}
}

FIXTURE_TEARDOWN(listing)
{
}

static void read_all(struct __test_metadata *_metadata, FILE *file, char *text,
		     size_t size)
{
	size_t len;

	ASSERT_TRUE(!!file);
	len = fread(text, 1, size - 1, file);
	ASSERT_LT(0, len);
	ASSERT_LT(len, size - 1);
	text[len] = 0;
}

/*
 * Without a shell, since BusyBox's may take the command for one of its own.
 * Returns what waitpid() says of it.
 */
static int run(struct __test_metadata *_metadata, const char * const *command,
	       char *text, size_t size)
{
	int pipefd[2], status;
	pid_t child;
	FILE *file;

	ASSERT_EQ(0, pipe(pipefd));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		dup2(pipefd[1], STDOUT_FILENO);
		execvp(command[0], (char **)command);
		printf("%s: %s\n", command[0], strerror(errno));
		fflush(stdout);
		_exit(127);
	}
	close(pipefd[1]);

	file = fdopen(pipefd[0], "r");
	read_all(_metadata, file, text, size);
	fclose(file);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	return status;
}

TEST_F(listing, proc)
{
	static const struct {
		const char *dev;
		const char *dst;
		const char *gateway;
		unsigned int flags;
		unsigned int priority;
		const char *mask;
		unsigned int mtu;
		unsigned int window;
		unsigned int irtt;
	} line[] = {
		{ "d0", "0.0.0.0", "10.1.0.2", RTF_UP | RTF_GATEWAY, 0,
		  "0.0.0.0" },
		{ "d0", "10.9.0.0", "0.0.0.0", RTF_UP, 4294967294,
		  "255.255.0.0" },
		{ "*", "10.10.0.0", "0.0.0.0", RTF_UP | RTF_REJECT, 0,
		  "255.255.0.0" },
		{ "d1", "10.11.0.1", "0.0.0.0", RTF_UP | RTF_HOST, 4,
		  "255.255.255.255" },
		{ "d1", "10.12.0.0", "10.2.0.2", RTF_UP | RTF_GATEWAY, 0,
		  "255.252.0.0", 1500, 4000, 7 },
	};
	char text[8192], want[128];
	FILE *file;
	size_t i;

	file = fopen("/proc/thread-self/net/route", "r");
	read_all(_metadata, file, text, sizeof(text));
	fclose(file);

	for (i = 0; i < ARRAY_SIZE(line); i++) {
		snprintf(want, sizeof(want),
			 "\n%s\t%08X\t%08X\t%04X\t0\t0\t%u\t%08X\t%u\t%u\t%u ",
			 line[i].dev, inet_addr(line[i].dst),
			 inet_addr(line[i].gateway), line[i].flags,
			 line[i].priority, inet_addr(line[i].mask),
			 line[i].mtu, line[i].window, line[i].irtt);
		EXPECT_TRUE(!!strstr(text, want)) {
			TH_LOG("no %s in\n%s", want + 1, text);
		}
	}

	/* It lists main alone. */
	EXPECT_FALSE(!!strstr(text, "red"));
}

/* The text between the brace that opens a route and the next route. */
static bool json_route(char *json, const char *dst, char *text, size_t size)
{
	char key[64], *at, *start, *end;

	snprintf(key, sizeof(key), "\"dst\":\"%s\"", dst);
	at = strstr(json, key);
	if (!at)
		return false;

	for (start = json; (end = strstr(start + 1, "{\"type\":")) && end < at;)
		start = end;
	snprintf(text, size, "%.*s", end ? (int)(end - start) : -1, start);
	return true;
}

TEST_F(listing, ip)
{
	static const struct {
		const char *dst;
		const char *member[8];
	} route[] = {
		{ "default", { "\"type\":\"unicast\"",
		  "\"gateway\":\"10.1.0.2\"", "\"dev\":\"d0\"",
		  "\"protocol\":\"boot\"", "\"scope\":\"global\"" } },
		{ "10.9.0.0/16", { "\"type\":\"unicast\"", "\"dev\":\"d0\"",
		  "\"protocol\":\"boot\"", "\"scope\":\"link\"",
		  "\"prefsrc\":\"10.3.0.1\"", "\"metric\":4294967294" } },
		{ "10.10.0.0/16", { "\"type\":\"unreachable\"",
		  "\"protocol\":\"boot\"", "\"scope\":\"host\"" } },
		{ "10.11.0.1", { "\"type\":\"unicast\"", "\"dev\":\"d1\"",
		  "\"protocol\":\"boot\"", "\"scope\":\"link\"",
		  "\"metric\":4" } },
		{ "10.12.0.0/14", { "\"type\":\"unicast\"",
		  "\"gateway\":\"10.2.0.2\"", "\"dev\":\"d1\"",
		  "\"protocol\":\"boot\"", "\"scope\":\"global\"",
		  "\"advmss\":1460", "\"window\":4000", "\"rtt\":" } },
		{ "10.16.0.0/16", { "\"type\":\"unicast\"", "\"dev\":\"red\"",
		  "\"table\":\"100\"", "\"protocol\":\"boot\"",
		  "\"scope\":\"link\"" } },
	};
	static const char * const version[] = { "ip", "-Version", NULL };
	static const char * const show[] = {
		"ip", "-details", "-json", "route", "show", "table", "all",
		NULL
	};
	char json[16384], text[1024];
	size_t i, j;

	/* BusyBox has an ip that knows none of this. */
	if (run(_metadata, version, json, sizeof(json)) ||
	    !strstr(json, "iproute2"))
		SKIP(return, "needs the ip of iproute2");

	EXPECT_EQ(0, run(_metadata, show, json, sizeof(json)));

	for (i = 0; i < ARRAY_SIZE(route); i++) {
		ASSERT_TRUE(json_route(json, route[i].dst, text,
				       sizeof(text))) {
			TH_LOG("no %s in\n%s", route[i].dst, json);
		}
		for (j = 0; j < ARRAY_SIZE(route[i].member) &&
		     route[i].member[j]; j++) {
			EXPECT_TRUE(!!strstr(text, route[i].member[j])) {
				TH_LOG("no %s in %s", route[i].member[j], text);
			}
		}
	}
}

TEST_HARNESS_MAIN
