// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <sys/ioctl.h>

#include "step.h"

static const char *command_name(unsigned long cmd)
{
	switch (cmd) {
	case SIOCADDRT:
		return "SIOCADDRT";
	case SIOCDELRT:
		return "SIOCDELRT";
	default:
		return "SIOCRTMSG";
	}
}

static void print_name(FILE *file, const char *name, size_t size)
{
	fputc('"', file);
	for (; size && *name; name++, size--) {
		if (isprint(*name))
			fputc(*name, file);
		else
			fprintf(file, "\\x%02x", (unsigned char)*name);
	}
	fputc('"', file);
}

/* Says nothing if all of the @size bytes can be read, and no more. */
static void print_place(FILE *file, const struct place *place, size_t size)
{
	switch (place->kind) {
	case PLACE_BEFORE:
		if (place->count != size)
			fprintf(file, " (%u bytes can be read)", place->count);
		break;
	case PLACE_BEHIND:
		fprintf(file, " (the first %u bytes cannot be read)",
			place->count);
		break;
	case PLACE_NOWHERE:
		fprintf(file, " (at %#lx)", place->address);
	}
}

static void print_sockaddr(FILE *file, const char *what,
			   const struct sockaddr *sa)
{
	struct sockaddr_in in;

	memcpy(&in, sa, sizeof(in));
	if (in.sin_family || in.sin_addr.s_addr)
		fprintf(file, " %s %s", what, inet_ntoa(in.sin_addr));
	if (in.sin_family != AF_INET &&
	    (in.sin_family || in.sin_addr.s_addr))
		fprintf(file, " (family %u)", in.sin_family);
}

static void print_rtentry(FILE *file, const struct step_request *request)
{
	const struct rtentry *rt = &request->argument.rt;

	print_sockaddr(file, "dst", &rt->rt_dst);
	print_sockaddr(file, "genmask", &rt->rt_genmask);
	print_sockaddr(file, "gateway", &rt->rt_gateway);
	fprintf(file, " flags %#x", rt->rt_flags);
	if (rt->rt_metric)
		fprintf(file, " metric %d", rt->rt_metric);
	if (rt->rt_mtu)
		fprintf(file, " mtu %lu", (unsigned long)rt->rt_mtu);
	if (rt->rt_window)
		fprintf(file, " window %lu", (unsigned long)rt->rt_window);
	if (rt->rt_irtt)
		fprintf(file, " irtt %u", rt->rt_irtt);
	if (request->name_place.kind != PLACE_NOWHERE ||
	    request->name_place.address) {
		fprintf(file, " dev ");
		print_name(file, request->name, sizeof(request->name));
		print_place(file, &request->name_place, IFNAMSIZ - 1);
	}
}

static void print_in6(FILE *file, const char *what, const struct in6_addr *in6,
		      unsigned int length)
{
	char text[INET6_ADDRSTRLEN];

	fprintf(file, " %s %s", what,
		inet_ntop(AF_INET6, in6, text, sizeof(text)));
	if (length)
		fprintf(file, "/%u", length);
}

static void print_in6_rtmsg(FILE *file, const struct in6_rtmsg *rt)
{
	print_in6(file, "dst", &rt->rtmsg_dst, rt->rtmsg_dst_len);
	print_in6(file, "src", &rt->rtmsg_src, rt->rtmsg_src_len);
	print_in6(file, "gateway", &rt->rtmsg_gateway, 0);
	fprintf(file, " flags %#x type %u metric %u info %lu ifindex %d",
		rt->rtmsg_flags, rt->rtmsg_type, rt->rtmsg_metric,
		rt->rtmsg_info, rt->rtmsg_ifindex);
}

static void print_request(FILE *file, const struct step_request *request)
{
	const bool is_ipv6 = request->family == AF_INET6;
	const size_t size = is_ipv6 ? sizeof(struct in6_rtmsg) :
				      sizeof(struct rtentry);
	size_t i;

	fprintf(file, "IPv%d %s", is_ipv6 ? 6 : 4, command_name(request->cmd));
	if (request->unprivileged)
		fprintf(file, " unprivileged");
	print_place(file, &request->place, size);
	if (is_ipv6)
		print_in6_rtmsg(file, &request->argument.rtmsg);
	else
		print_rtentry(file, request);

	fprintf(file, "\n#       bytes ");
	for (i = 0; i < size; i++)
		fprintf(file, "%02x",
			((const unsigned char *)&request->argument)[i]);
}

static void print_word(FILE *file, const char *what, const char *word)
{
	if (word)
		fprintf(file, " %s %s", what, word);
}

static void print_number(FILE *file, const char *what, __u32 number)
{
	if (number)
		fprintf(file, " %s %u", what, number);
}

static void print_change(FILE *file, const struct step *step)
{
	const struct step_change *change = &step->change;
	const struct rtnl_route *route = &change->route;
	const char *verb = change->add ? "add" : "delete";

	switch (step->kind) {
	case STEP_ROUTE:
		fprintf(file, "rtnetlink: %s route %s", verb, route->dst);
		print_word(file, "from", route->src);
		print_word(file, "via", route->gateway);
		print_word(file, "dev", route->dev);
		print_word(file, "src", route->prefsrc);
		print_number(file, "table", route->table);
		print_number(file, "metric", route->priority);
		print_number(file, "advmss", route->advmss);
		print_number(file, "proto", route->protocol);
		print_number(file, "type", route->type);
		fprintf(file, " scope %u flags %#x", route->scope,
			change->flags);
		break;
	case STEP_ADDRESS:
		fprintf(file, "rtnetlink: %s address %s", verb,
			change->address->local);
		print_word(file, "peer", change->address->peer);
		print_word(file, "dev", change->address->dev);
		print_word(file, "label", change->address->label);
		break;
	case STEP_UP:
		fprintf(file, "rtnetlink: set %s %s", change->dev,
			change->add ? "up" : "down");
		break;
	case STEP_MASTER:
		fprintf(file, "rtnetlink: set %s", change->dev);
		print_word(file, "master", *change->master ? change->master :
			   "none");
		break;
	case STEP_MTU:
		fprintf(file, "rtnetlink: set %s mtu %u", change->dev,
			change->mtu);
		break;
	default:
		fprintf(file, "all tables");
	}
}

void step_print(FILE *file, const struct step *step)
{
	fprintf(file, "net %d, ", step->net);
	if (step->kind == STEP_REQUEST)
		print_request(file, &step->request);
	else
		print_change(file, step);
	fputc('\n', file);
}
