/* SPDX-License-Identifier: MIT */
/* Paths are compared in one form: "/" before each part, none at the end, a
 * drive as the first part. C:\a\.\b and file:///c:/a/b are both "/c:/a/b". */
#include "path_map.h"

#include <stdint.h>
#include <strings.h>

static const char FILE_SCHEME[] = "file://";
enum { FILE_SCHEME_SIZE = sizeof(FILE_SCHEME) - 1 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

static bool has_drive(struct slice text)
{
    return text.size >= 2 && is_letter(text.data[0]) && text.data[1] == ':';
}

static bool is_file_url(struct slice text)
{
    return text.size >= FILE_SCHEME_SIZE &&
           strncasecmp(text.data, FILE_SCHEME, FILE_SCHEME_SIZE) == 0;
}

static struct slice behind(struct slice text, size_t size)
{
    return (struct slice){text.data + size, text.size - size};
}

bool path_is_one(struct slice text)
{
    if (text.size == 0)
        return false;
    return has_drive(text) || memchr(text.data, '/', text.size) != NULL ||
           memchr(text.data, '\\', text.size) != NULL;
}

/* ---- percent signs ---------------------------------------------------- */

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Append `text` without its percent signs. False if one has no two digits. */
static bool decode(struct slice text, struct buffer *out)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '%') {
            int high = i + 2 < text.size ? digit(text.data[i + 1]) : -1;
            int low = i + 2 < text.size ? digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            byte = (char)(high << 4 | low);
            i += 2;
        }
        buffer_append(out, &byte, 1);
    }
    return true;
}

/* What an address holds as it is (RFC 3986, pchar and the slash). */
static bool is_plain(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~!$&'()*+,;=:@/", c) != NULL);
}

static void encode(struct slice text, struct buffer *out)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        const char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
        if (is_plain(text.data[i]))
            buffer_append(out, text.data + i, 1);
        else
            buffer_append(out, escape, sizeof(escape));
    }
}

/* ---- the one form ------------------------------------------------------ */

/* Only dots and blanks, other than `.` and `..`: Windows cuts such endings
 * off, so that ".. " leads upwards there. */
static bool is_shady(struct slice part)
{
    bool has_dot = false;
    for (size_t i = 0; i < part.size; i++) {
        if (part.data[i] != '.' && part.data[i] != ' ')
            return false;
        has_dot |= part.data[i] == '.';
    }
    return has_dot && !slice_equals(part, ".") && !slice_equals(part, "..");
}

static void drop_last_part(struct buffer *form)
{
    while (form->size > 0 && form->data[--form->size] != '/')
        continue;
}

static void add_part(struct buffer *form, struct slice part)
{
    if (part.size == 0 || slice_equals(part, "."))
        return;
    if (slice_equals(part, "..")) {
        drop_last_part(form);
        return;
    }
    buffer_append(form, "/", 1);
    buffer_append(form, part.data, part.size);
}

/* Does it say where from the root on? */
static bool is_absolute(struct slice path)
{
    if (path.size > 0 && is_slash(path.data[0]))
        return true;
    return has_drive(path) && path.size > 2 && is_slash(path.data[2]);
}

/* Append the one form of `path`, in which percent signs stand for themselves.
 */
static enum path_verdict bring_into_form(struct slice path, struct buffer *form)
{
    if (path.size > 0 && memchr(path.data, '\0', path.size) != NULL)
        return PATH_BROKEN;
    if (!is_absolute(path))
        return PATH_UNMAPPED;
    for (size_t i = 0; i < path.size; i++) {
        size_t begin = i;
        while (i < path.size && !is_slash(path.data[i]))
            i++;
        struct slice part = {path.data + begin, i - begin};
        if (is_shady(part))
            return PATH_BROKEN;
        add_part(form, part);
    }
    return PATH_MAPPED;
}

/* ---- folders ----------------------------------------------------------- */

/* Where `form` goes on behind the folder; NULL if it does not lie in it. Names
 * on a drive are the same in capitals. */
static const char *behind_folder(const struct buffer *form,
                                 const struct buffer *folder)
{
    size_t size = folder->size;
    if (size == 0)
        return form->data;
    if (form->size < size || (form->size > size && form->data[size] != '/'))
        return NULL;
    bool is_same = has_drive(behind(buffer_slice(folder), 1))
                       ? strncasecmp(form->data, folder->data, size) == 0
                       : memcmp(form->data, folder->data, size) == 0;
    return is_same ? form->data + size : NULL;
}

/* The longest folder that holds `form`; NULL if none does. */
static const struct media_path *find_folder(const struct buffer *form,
                                            const struct media_path *paths,
                                            size_t path_count,
                                            struct slice *rest)
{
    const struct media_path *found = NULL;
    struct buffer folder = {0};
    for (size_t i = 0; i < path_count; i++) {
        buffer_clear(&folder, SIZE_MAX);
        if (bring_into_form(slice_of(paths[i].from), &folder) != PATH_MAPPED)
            continue;
        const char *at = behind_folder(form, &folder);
        size_t left = form->size - folder.size;
        if (at == NULL || (found != NULL && left >= rest->size))
            continue;
        found = &paths[i];
        *rest = (struct slice){at, left};
    }
    buffer_finish(&folder);
    return found;
}

static void append_mapped(struct buffer *out, const char *to, struct slice rest,
                          bool is_url)
{
    struct buffer path = {0};
    struct slice folder = slice_of(to);
    while (folder.size > 0 && is_slash(folder.data[folder.size - 1]))
        folder.size--;
    if (is_url) {
        buffer_append(out, FILE_SCHEME, FILE_SCHEME_SIZE);
        if (has_drive(folder))
            buffer_append(out, "/", 1);
    }
    buffer_append(&path, folder.data, folder.size);
    buffer_append(&path, rest.data, rest.size);
    for (size_t i = 0; is_url && i < folder.size; i++)
        if (path.data[i] == '\\')
            path.data[i] = '/';
    if (is_url)
        encode(buffer_slice(&path), out);
    else
        buffer_append(out, path.data, path.size);
    buffer_finish(&path);
}

/* The path in a file:// address: the host may be left out, or be this one, or,
 * as many write it, be the drive. */
static enum path_verdict path_of_url(struct slice url, struct buffer *path)
{
    static const char LOCALHOST[] = "localhost/";
    struct slice text = behind(url, FILE_SCHEME_SIZE);
    if (text.size >= sizeof(LOCALHOST) - 1 &&
        strncasecmp(text.data, LOCALHOST, sizeof(LOCALHOST) - 1) == 0)
        text = behind(text, sizeof(LOCALHOST) - 2);
    return decode(text, path) ? PATH_MAPPED : PATH_BROKEN;
}

/* Were the peer to read percent signs in what is no address, the path must
 * still lie in the same folder. */
static bool stays_inside(struct slice path, const struct media_path *folder)
{
    struct buffer decoded = {0};
    struct buffer form = {0};
    struct slice rest;
    bool is_inside =
        !decode(path, &decoded) ||
        (bring_into_form(buffer_slice(&decoded), &form) == PATH_MAPPED &&
         find_folder(&form, folder, 1, &rest) != NULL);
    buffer_finish(&decoded);
    buffer_finish(&form);
    return is_inside;
}

static enum path_verdict map_path(struct slice path, bool is_url,
                                  const struct media_path *paths,
                                  size_t path_count, struct buffer *out)
{
    struct buffer form = {0};
    struct slice rest = {0};
    enum path_verdict verdict = bring_into_form(path, &form);
    if (verdict == PATH_MAPPED) {
        const struct media_path *folder =
            find_folder(&form, paths, path_count, &rest);
        if (folder == NULL || (!is_url && !stays_inside(path, folder)))
            verdict = PATH_UNMAPPED;
        else
            append_mapped(out, folder->to, rest, is_url);
    }
    buffer_finish(&form);
    return verdict;
}

enum path_verdict path_map(struct slice text, const struct media_path *paths,
                           size_t path_count, struct buffer *out)
{
    struct buffer path = {0};
    if (!is_file_url(text))
        return map_path(text, false, paths, path_count, out);
    enum path_verdict verdict = path_of_url(text, &path);
    if (verdict == PATH_MAPPED)
        verdict = map_path(buffer_slice(&path), true, paths, path_count, out);
    buffer_finish(&path);
    return verdict;
}
